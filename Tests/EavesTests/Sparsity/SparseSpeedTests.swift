import EavesCatalog
import Quantities
import Testing

@testable import Eaves

/// What zeros gain in time: nothing on dense units, up to the chip's own factor where it lists one.
@Suite struct SparseSpeedTests {
  private static func plan(
    _ sparsity: String, on chip: String = "nvidia-a100-sxm-80", under runtime: String = "ideal",
    model: String = "llama-3.1-8b", onPaper: Bool = false, _ more: [Option: String] = [:]
  ) throws -> Plan {
    var settings = Settings()
    for (option, text) in more { try settings.set(option, to: text) }
    try settings.set(.sparsity, to: sparsity)
    settings.isOnPaper = onPaper
    return try Plan(
      Shipped.model(model), on: Shipped.chip(chip), under: Shipped.runtime(runtime), settings)
  }

  private static func seconds(_ plan: Plan, _ step: Step) -> Double {
    var plan = plan
    return plan.evaluate(step).expected.value
  }

  /// Zeros in no order gain nothing where products take the time, on any chip.
  @Test(arguments: Shipped.chips)
  func unstructuredZerosAreMultipliedOnEveryChip(chip: String) throws {
    guard let dense = try? Self.plan("dense", on: chip, model: "llama-3.2-1b") else { return }
    let sparse = try Self.plan("unstructured:0.5", on: chip, model: "llama-3.2-1b")
    let step = Step.prefill(512)
    #expect(Self.seconds(sparse, step) == Self.seconds(dense, step))
    var (one, other) = (sparse, dense)
    #expect(one.evaluate(step).matrix < other.evaluate(step).matrix)
  }

  /// 2:4 gains in products exactly where the rate in use lists it.
  @Test(arguments: Shipped.chips)
  func twoOfFourGainsWhereTheChipListsIt(chip: String) throws {
    let model = "llama-3.2-1b"
    guard let dense = try? Self.plan("dense", on: chip, model: model) else { return }
    let sparse = try Self.plan("2:4", on: chip, model: model)
    let lists = sparse.machine.twoOfFourSpeedups[sparse.model.choices.activations.multiply] != nil
    func executed(_ plan: Plan) -> Double {
      plan.model.operations(.prefill(512)).sum([.qkv, .attentionOutput, .gateUp, .down]) {
        $0.work.executedMatrix.value
      }
    }
    #expect(executed(sparse) == executed(dense) * (lists ? 0.5 : 1))
    let note = sparse.note(
      context: 512, footprint: sparse.footprint(StepSettings(), workspace: .zero))
    #expect(note.contains("lists no 2:4 rate") == !lists)
  }

  @Test func chipsWithAndWithoutTheRateAreBothThere() throws {
    let listing = try Shipped.chips.filter { name in
      try Shipped.chip(name).engines.contains { engine in
        engine.rates.contains { !$0.sparse.isEmpty }
      }
    }
    #expect(listing.count >= 20 && listing.count < Shipped.chips.count)
  }

  /// Rows of 312 do not fill an instruction of 16: bytes fall, products stay.
  @Test func rowsThatFillNoInstructionGoAtTheDenseRate() throws {
    let plan = try Self.plan(
      "2:4", model: "tinybert-4-312", [.weights: "f16", .activations: "f16"])
    let operations = plan.model.operations(.encode(128))
    for operation in operations where operation.id == .qkv {
      #expect(operation.work.executedMatrix == 2 * operation.work.matrix)
    }
    for operation in operations where operation.id == .down {
      // 1,200 columns are 75 instructions.
      #expect(operation.work.executedMatrix == operation.work.matrix)
    }
    let footprint = plan.footprint(StepSettings(), workspace: .zero)
    #expect(plan.note(context: 128, footprint: footprint).contains("rows of 312"))
  }

  /// A row is read if any of T tokens needs it: all 2^T choices, each with its probability.
  @Test(arguments: [0.5, 0.9, 0.95], 1...8)
  func aRowIsReadIfAnyTokenNeedsIt(share: Double, tokens: Int) {
    var read = 0.0
    for choice in 1..<1 << tokens {
      let needing = choice.nonzeroBitCount
      var probability = 1.0
      for _ in 0..<needing { probability *= 1 - share }
      for _ in 0..<tokens - needing { probability *= share }
      read += probability
    }
    let sparsity = ActivationSparsity(share: share, choice: .known)
    #expect(abs(sparsity.touched(tokens: Double(tokens)) - read) < 1e-12)
  }

  /// Powers that are no whole numbers: a root squared is the base.
  @Test(arguments: [0.1, 0.5, 0.9, 0.999])
  func powersAreConsistent(base: Double) {
    let half = Eaves.power(base, 0.5)
    #expect(abs(half * half - base) < 1e-15)
    let parts = Eaves.power(base, 2.75) * Eaves.power(base, 1.5)
    #expect(abs(parts / Eaves.power(base, 4.25) - 1) < 1e-12)
    #expect(Eaves.power(base, 3) == base * (base * base))
  }

  /// Bytes of feed-forward weights that a decode step reads, gate by gate.
  @Test(arguments: [
    ("activations:0.75", 0.75), ("activations:0.75:gate", 1.5),
    ("activations:0.75:predictor=512", 0.75),
  ])
  func onlyRowsOfActiveNeuronsAreRead(text: String, matrices: Double) throws {
    let operations = try Self.plan(text).model.operations(.decode(context: 100))
    let bytes = operations.sum([.gateUp, .down]) { $0.bytes[.weights].value }
    let matrix = 4096.0 * 14_336
    #expect(bytes == 64 * matrices * matrix)
    let predictor = operations.sum([.neuronPredictor]) { $0.bytes[.weights].value }
    let weights = 512.0 * (4096 + 14_336)
    let expected = text.hasSuffix("=512") ? 64 * weights : 0
    #expect(predictor == expected)
  }

  /// In a large batch every row is some token's, and nothing is gained.
  @Test func largeBatchesReadEveryRow() throws {
    func bytes(_ sparsity: String, batch: Int) throws -> Double {
      var plan = try Self.plan(sparsity)
      return plan.evaluate(.decode(context: 1024, batch: batch)).weightBytes.value
    }
    #expect(try bytes("activations:0.9", batch: 1) < 0.4 * bytes("dense", batch: 1))
    #expect(try bytes("activations:0.9", batch: 256) > 0.999 * bytes("dense", batch: 256))
  }

  /// On paper no zero is multiplied; realised, what the chip skips.
  @Test(arguments: ["unstructured:0.5", "2:4", "activations:0.5"])
  func onPaperEveryZeroIsSkipped(text: String) throws {
    let plan = try Self.plan(text, on: "apple-m2-max-38", onPaper: true)
    for operation in plan.model.operations(.prefill(64)) where operation.id == .down {
      #expect(operation.work.executedMatrix == operation.work.matrix)
    }
  }

  struct Sample: Sendable {
    let model: String
    let options: [Option: String]
  }

  private static let samples: [Sample] = [
    Sample(
      model: "llama-3.2-1b",
      options: [.weights: "q4_k_m", .kv: "q8_0", .cache: "sinks:4+1020"]),
    Sample(
      model: "mixtral-8x7b", options: [.weights: "int4/128+f16", .pattern: "window:4096"]),
    Sample(
      model: "gemma-3-1b", options: [.weights: "int8", .activations: "int8", .attention: "mqa"]),
    Sample(model: "deepseek-v2-lite", options: [:]),
    Sample(model: "albert-base-v2", options: [:]),
    Sample(model: "t5-small", options: [.batch: "3"]),
    Sample(model: "zamba2-2.7b", options: [.weights: "nf4"]),
  ]

  /// Everything goes with everything: the closed evaluation is that of the operations, in order.
  @Test(arguments: SparsityListTests.examples, samples)
  func everyKindGoesWithEveryOtherAxis(
    sparsity: String, sample: Sample
  ) throws {
    var settings = Settings()
    for (option, text) in sample.options { try settings.set(option, to: text) }
    try settings.set(.sparsity, to: sparsity)
    let model = try Shipped.model(sample.model)
    guard ModelChoices(model, settings).refusal(of: model) == nil else { return }
    var plan = try Plan(
      model, on: Shipped.chip("nvidia-h100-sxm"), under: Shipped.runtime("tensorrt-llm"), settings)
    settings.sparsity = DenseSparsity()
    var dense = try Plan(
      model, on: Shipped.chip("nvidia-h100-sxm"), under: Shipped.runtime("tensorrt-llm"), settings)
    for phase in Phase.allCases {
      var step = plan.settings.step
      step.phase = phase
      step.context = 700
      let (row, whole) = (plan.row(step), dense.row(step))
      #expect(row.cost.lower <= row.cost.expected && row.cost.expected <= row.cost.upper)
      #expect(
        row.cost.lower > .zero
          && row.cost.matrix <= whole.cost.matrix * 2)
      #expect(row.labels.sparsity == sparsity)
      var evaluator = try Evaluator(plan.machine, plan.model)
      let round = plan.round(step)
      let emitted = evaluator.evaluateEmitted(round.step)
      let closed = evaluator.evaluate(round.step)
      #expect(abs(closed.expected / emitted.expected - 1) < 1e-9)
      #expect(abs(closed.weightBytes / emitted.weightBytes - 1) < 1e-9)
    }
  }
}
