import Eaves
import EavesCatalog
import Quantities
import Testing

/// One test for every fault that was found in other tools of this field, as far as the core is concerned.
///
/// Those of output formats, readers of files and the command stand in the tests of those targets.
@Suite struct NeedsRegressionTests {
  private static func cost(
    _ model: String, on chip: String = "nvidia-a100-sxm-80", under runtime: String = "ideal",
    _ step: Step, _ options: [Option: String] = [:]
  ) throws -> Cost {
    var plan = try Shipped.plan(model, on: chip, under: runtime, options)
    return plan.evaluate(step)
  }

  // MARK: Units

  @Test func gigabytesAreNotTakenForGibibytes() throws {
    let decimal = try BytesPerSecond(parsing: "2039 GB/s")
    let binary = try BytesPerSecond(parsing: "2039 GiB/s")
    #expect(decimal.value == 2_039_000_000_000)
    #expect(abs(binary / decimal - 1.073_741_824) < 1e-12)
    // The floor of the reference workload is the decimal one: no prediction is 7.4 % below it.
    let step = Step.decode(context: 2048)
    let cost = try Self.cost("llama-2-7b", step)
    #expect(cost.lower.value >= (13_214_687_232 + 1_073_741_824) / 2.039e12)
  }

  @Test func elementCountsAreNotDividedByBytesPerSecond() throws {
    let step = Step.decode(context: 1)
    var bytes: [String: Double] = [:]
    for format in ["f32", "f16", "int8"] {
      bytes[format] = try Self.cost("llama-2-7b", step, [.weights: format]).weightBytes.value
    }
    let single = try #require(bytes["f32"])
    #expect(single == 2 * (try #require(bytes["f16"])))
    // int8 holds the linear layers; embedding row, norms and head stay in 16 bits.
    let linear = 32.0 * (4 * 4096 * 4096 + 3 * 4096 * 11008)
    #expect(try #require(bytes["int8"]) == single / 2 - linear)
  }

  @Test func percentagesAreNotTakenForFactors() throws {
    #expect(try Ratio(parsing: "78 %") == Ratio(0.78))
    // Decode on an A100 at its limit of 400 W: hundreds of watts, not tens of thousands.
    let cost = try Self.cost("llama-2-7b", .decode(context: 2048))
    let power = cost.energy / cost.expected
    #expect(power > Watts(100) && power < Watts(400))
  }

  /// Energy agrees to a factor of two at best: the lower edge of the band stays near the power limit.
  @Test(arguments: Shipped.chips)
  func energyIsNotAHundredTimesTooHigh(chip name: String) throws {
    let chip = try Shipped.chip(name)
    guard let limit = chip.power.peak?.value ?? chip.power.tdp?.value,
      var plan = try? Shipped.plan("qwen2.5-0.5b", on: name, under: "ideal")
    else { return }
    for step in [Step.decode(context: 2048), .prefill(2048)] {
      let cost = plan.evaluate(step)
      #expect(cost.energyBand.lowerBound / cost.expected < 2.5 * limit, "\(step)")
    }
  }

  // MARK: Peaks

  @Test(arguments: Shipped.chips)
  func sparsePeaksAreNotUsedAsDense(chip name: String) throws {
    let chip = try Shipped.chip(name)
    guard let machine = try? Machine(chip, Shipped.runtime("ideal")) else { return }
    let dense = chip.engines.flatMap(\.rates).map(\.peak.value)
    for precision in MultiplyPrecision.allCases {
      guard let peak = machine.peak(for: precision) else { continue }
      #expect(dense.contains(peak), "\(precision)")
    }
  }

  @Test func theDensePeakOfAnA100Is312() throws {
    let machine = try Machine(
      Shipped.chip("nvidia-a100-sxm-80"), Shipped.runtime("ideal"))
    #expect(machine.peak(for: .f16) == FLOPsPerSecond(312e12))
    #expect(machine.peak(for: .i8) == FLOPsPerSecond(624e12))
    let tensor = try #require(machine.engine(for: .f16)).engine
    let rate = try #require(tensor.rates.first { $0.input == .f16 })
    #expect(rate.sparse.contains { $0.pattern == "2:4" && $0.speedup == 2 })
  }

  @Test func singlePrecisionPeaksAreNotUsedForSixteenBitWork() throws {
    let machine = try Machine(
      Shipped.chip("nvidia-a100-sxm-80"), Shipped.runtime("ideal"))
    let half = try #require(machine.engine(for: .f16))
    let single = try #require(machine.engine(for: .f32))
    #expect(half.rate == .f16 && half.engine.kind == .matrix)
    // 19.5 TFLOP/s on the lanes, and never the 156 of tf32: that would drop bits nobody agreed to drop.
    #expect(single.rate == .f32 && machine.peak(for: .f32) == FLOPsPerSecond(19.5e12))
    let prefill = Step.prefill(512)
    let half16 = try Self.cost("gpt2-small", prefill, [.activations: "f16", .weights: "f16"])
    let full32 = try Self.cost("gpt2-small", prefill, [.activations: "f32", .weights: "f32"])
    #expect(full32.lower / half16.lower > 10)
  }

  // MARK: Work

  @Test(arguments: ["llama-3.1-8b", "mixtral-8x7b", "gpt-oss-20b", "bert-base", "falcon-7b"])
  func everyMultiplyAddIsTwoFLOPsInEveryLayer(model: String) throws {
    let compiled = try Shipped.sixteenBit(model)
    let isEncoder = compiled.model.kind == .encoder
    for step in [isEncoder ? Step.encode(64) : .prefill(64, batch: 3), .encode(7)] {
      for operation in compiled.operations(step) {
        let flops = operation.work.matrix.value
        switch operation.kind {
        case .matmul(let m, let n, let k, let count):
          #expect(abs(flops / (2 * m * Double(n) * Double(k) * count) - 1) < 1e-12)
        case .attention(let shape):
          let width = shape.headSize + shape.valueHeadSize
          let pairs = flops / (2 * width * shape.batch * shape.heads)
          #expect(pairs == pairs.rounded() && pairs <= shape.queries * shape.keys)
        case .pointwise, .reduction, .gather, .scan, .convolution, .collective:
          #expect(flops == 0)
        }
      }
    }
  }

  @Test func theCausalHalfIsNotMissing() throws {
    let compiled = try Shipped.sixteenBit("llama-2-7b")
    let n = 2048.0
    let attention = compiled.operations(.prefill(2048)).sum([.attention]) {
      $0.work.matrix.value
    }
    #expect(attention == 32 * 32 * 2 * 256 * n * (n + 1) / 2)
    // In chunks it is the same work: each chunk sees what came before.
    let chunks = stride(from: 0, to: 2048, by: 256).map { start in
      compiled.operations(
        Step(newTokens: 256, cachedTokens: start, logitTokens: 1, batch: 1)
      ).sum([.attention]) { $0.work.matrix.value }
    }
    #expect(chunks.reduce(0, +) == attention)
  }

  @Test(arguments: Schedule.allCases)
  func attentionHasKeysAndValuesOfTheSharedHeads(schedule: Schedule) throws {
    let compiled = try Shipped.sixteenBit("llama-3.1-8b", schedule: schedule)
    let read = compiled.operations(.decode(context: 8192)).bytes([.cacheRead])
    // 32 layers, 8 KV heads (not 32 query heads), 128 wide, K and V, 2 bytes.
    let bytes = 32 * 8 * 128 * 2 * 2 * 8192
    #expect(read == Double(bytes))
  }

  @Test(arguments: Schedule.allCases)
  func theCacheIsChargedOnceInDecode(schedule: Schedule) throws {
    let context = 4096
    for name in ["llama-2-7b", "gemma-3-27b", "falcon-7b"] {
      let compiled = try Shipped.sixteenBit(name, schedule: schedule)
      let operations = compiled.operations(.decode(context: context, batch: 2))
      let full = compiled.kvCacheBytes(tokens: context + 1, batch: 2).value
      #expect(operations.bytes([.cacheRead, .cacheWrite]) == full)
    }
  }

  @Test func theWindowIsRead() throws {
    let compiled = try Shipped.sixteenBit("mistral-7b-v0.1")
    let short = compiled.operations(.decode(context: 4096))
    let long = compiled.operations(.decode(context: 32_767))
    for role in [Operand.Role.cacheRead, .cacheWrite] {
      #expect(long.bytes([role]) == short.bytes([role]))
    }
    #expect(
      long.sum([.attention]) { $0.work.matrix.value }
        == short.sum([.attention]) { $0.work.matrix.value })
    // Without the window it would be eight times as much.
    let open = try Shipped.sixteenBit("mistral-7b-v0.1", pattern: Causal(), cache: .full)
    let all = open.operations(.decode(context: 32_767)).bytes([.cacheRead])
    #expect(all / long.bytes([.cacheRead]) > 7.9)
  }

  /// Gemma 3 27B is 5376 wide with 32 heads of 128, not of 168; Qwen3 0.6B 1024 wide with 16 of 128.
  @Test(arguments: [("gemma-3-27b", 168), ("qwen3-0.6b", 64)])
  func headSizesAreGivenAndNeverDerived(model: String, derived: Int) throws {
    let compiled = try Shipped.sixteenBit(model)
    for block in compiled.model.blocks.values {
      let attention = try #require(block.attention)
      #expect(compiled.model.hiddenSize / attention.heads == derived)
      #expect(attention.headSize == 128)
    }
    for operation in compiled.operations(.decode(context: 8)) where operation.id == .qkv {
      guard case .matmul(_, let columns, _, _) = operation.kind else { continue }
      let attention = try #require(compiled.model.blocks.values.first?.attention)
      #expect(columns == 128 * (attention.heads + 2 * attention.kvHeads))
    }
  }

  @Test func latentAttentionIsRefusedRatherThanReadAsFullHeads() throws {
    // DeepSeek-V2's cache is a latent of 576 elements a layer; read as 128 full heads it is 57 times larger.
    let file = try Catalog.shipped.file(.model, named: "deepseek-67b")
    let text = try #require(String(validating: file.bytes, as: UTF8.self))
    let changed = text.replacing("\"heads\":", with: "\"kv_lora_rank\": 512, \"heads\":")
    #expect(changed != text)
    #expect {
      try Model(parsing: Array(changed.utf8), file: "mla.json")
    } throws: { error in
      "\(error)".contains("kv_lora_rank")
    }
  }

  // MARK: Mixtures of experts

  @Test func touchedExpertsGrowWithTheBatch() throws {
    let compiled = try Shipped.sixteenBit("mixtral-8x7b")
    func bytes(_ batch: Int) -> Double {
      compiled.operations(.decode(context: 4096, batch: batch))
        .filter { $0.id == .gateUp || $0.id == .down }.bytes([.weights])
    }
    let expert = 32.0 * 3 * 4096 * 14_336 * 2
    #expect(bytes(1) == 2 * expert)
    #expect(bytes(2) == 3.5 * expert)
    #expect(abs(bytes(8) / expert - 7.199) < 1e-3)
    #expect(bytes(64) <= 8 * expert)
  }

  // MARK: Low bits

  /// Storage is not arithmetic: 4-bit weights with 16-bit activations multiply in 16 bits.
  @Test(arguments: ["tensorrt-llm", "pytorch", "llama.cpp", "ideal"])
  func lowBitWeightsDoNotSpeedUpArithmetic(runtime: String) throws {
    let prefill = Step.prefill(2048)
    let sixteen = try Self.cost("llama-2-7b", under: runtime, prefill, [.weights: "f16"])
    for format in ["int4/128+f16", "int2/128+f16", "binary/128+f16", "q4_k_m"] {
      let low = try Self.cost("llama-2-7b", under: runtime, prefill, [.weights: format])
      #expect(low.matrix == sixteen.matrix)
      // Other tools promise 4×; measured, prefill with 4-bit weights is slower than in 16 bits.
      #expect(sixteen.expected / low.expected < 1.02, "\(format)")
      #expect(low.special == sixteen.special)
    }
  }

  /// Measured on an A100: 8 bits 1.44 to 1.48 times as fast in decode, 4 bits 1.82 to 1.88.
  @Test(arguments: [("int8/128+f16", 1.46), ("int4/128+f16", 1.85)])
  func decodeGainsOfQuantisationAreTheMeasuredOnes(format: String, measured: Double) throws {
    let step = Step.decode(context: 2048)
    let sixteen = try Self.cost("llama-2-7b", under: "pytorch", step, [.weights: "f16"])
    let low = try Self.cost("llama-2-7b", under: "pytorch", step, [.weights: format])
    #expect(abs(sixteen.expected / low.expected / measured - 1) < 0.25)
  }

  /// Other tools promise 8× for 2 bits and 7.4× for one; measured, decode saturates at 2.5 to 3.1 times
  /// while bytes fall by 8 (llama.cpp).
  @Test(arguments: ["tensorrt-llm", "pytorch", "llama.cpp"])
  func decodeGainsSaturateBelowFourBits(runtime: String) throws {
    let step = Step.decode(context: 2048)
    let gains = try ["f16", "int4/128+f16", "int2/128+f16", "binary/128+f16"].map { format in
      try Self.cost("llama-2-7b", under: runtime, step, [.weights: "f16"]).expected
        / Self.cost("llama-2-7b", under: runtime, step, [.weights: format]).expected
    }
    #expect(gains[0] == 1)
    #expect(gains[2] < 3.1 && gains[3] < 4)
    // Halving the bits again brings ever less.
    #expect(gains[1] / gains[0] > gains[2] / gains[1])
    #expect(gains[2] / gains[1] > gains[3] / gains[2])
  }

  // MARK: Embeddings and head

  @Test func theEmbeddingIsARowAndTheHeadATable() throws {
    let compiled = try Shipped.sixteenBit("llama-3.1-8b")
    let operations = compiled.operations(.decode(context: 8192, batch: 5))
    let rows = operations.filter { $0.id == .embedding }.bytes([.weights])
    let table = operations.filter { $0.id == .head }.bytes([.weights])
    #expect(rows == 5 * 4096 * 2)
    #expect(table == 128_256 * 4096 * 2)
    #expect(operations.sum([.head]) { $0.work.matrix.value } == 5 * 2 * 4096 * 128_256)
    // A prompt needs the logits of its last position only.
    let prompt = compiled.operations(.prefill(2048, batch: 5))
    #expect(prompt.sum([.head]) { $0.work.matrix.value } == 5 * 2 * 4096 * 128_256)
  }

  // MARK: Results

  @Test(arguments: [1, 8, 64])
  func throughputIsOfTheWholeBatch(batch: Int) throws {
    var plan = try Shipped.plan(
      "llama-3.1-8b", on: "nvidia-a100-sxm-80", under: "ideal",
      [.batch: "\(batch)", .context: "1024"])
    let row = plan.row(plan.settings.step)
    let rate = try #require(row.tokenRate)
    #expect(abs(rate.value * row.cost.expected.value / Double(batch) - 1) < 1e-12)
    #expect(row.tokens == Double(batch))
  }

  /// A chip without links, one device, is the ordinary case.
  @Test func oneDeviceWithoutLinksIsNoSpecialCase() throws {
    #expect(TestChip.make().links.isEmpty)
    var settings = Settings()
    try settings.set(.devices, to: "1")
    var plan = try Plan(
      TestChip.model(), on: TestChip.make(), under: Shipped.runtime("ideal"), settings)
    #expect(plan.row(settings.step).hasTimes)
    #expect(throws: OptionError.self) { try settings.set(.devices, to: "0") }
  }
}
