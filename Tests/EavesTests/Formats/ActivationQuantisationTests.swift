import EavesCatalog
import Quantities
import Testing

@testable import Eaves

/// Low bits speed up bytes, and arithmetic only where activations are as narrow and the chip lists the rate.
@Suite struct ActivationQuantisationTests {
  private static func plan(
    _ chip: String, _ options: [Option: String], model: String = "llama-3.2-1b"
  ) throws -> Plan {
    try Shipped.plan(model, on: chip, under: "ideal", options)
  }

  /// Every element that a product of a layer reads is quantised: four lane operations.
  @Test(arguments: [1, 7, 512])
  func quantisingIsCountedByElement(tokens: Int) throws {
    let (d, f, width) = (2048, 8192, 2048)
    func vector(_ activations: String) throws -> Double {
      let plan = try Self.plan("nvidia-a100-sxm-80", [.weights: "int8", .activations: activations])
      return plan.model.operations(.prefill(tokens)).sum([.qkv, .attentionOutput, .gateUp, .down]) {
        $0.work.vector.value
      }
    }
    let elements = 16 * tokens * (d + width + d + f)
    #expect(try vector("int8") - vector("bf16") == Double(4 * elements))
  }

  /// Weights alone never change the precision of products under a runtime that says nothing of it.
  @Test(arguments: [
    "int8", "fp8", "int4", "int4/128+f16+z4", "int3/128+f16", "nf4", "mxfp4", "nvfp4", "ternary",
    "binary", "q4_k_m", "iq2_xs", "aqlm", "bf16:down=int4",
  ])
  func weightsAloneSpeedUpBytesOnly(weights: String) throws {
    func work(_ weights: String) throws -> [Operation] {
      let plan = try Self.plan("nvidia-h100-sxm", [.weights: weights, .activations: "bf16"])
      return plan.model.operations(.prefill(64)).filter { $0.work.matrix > .zero }
    }
    let (plain, narrow) = (try work("bf16"), try work(weights))
    let isByFormat = Set(narrow.map(\.work.precision)) == Set(plain.map(\.work.precision))
    #expect(isByFormat)
    #expect(
      narrow.sum(Set(narrow.map(\.id))) { $0.work.executedMatrix.value }
        == plain.sum(Set(plain.map(\.id))) { $0.work.executedMatrix.value })
    #expect(narrow.bytes([.weights]) < plain.bytes([.weights]))
  }

  /// The rate of products is the chip's own for the narrow format, else the next wider one, and that is said.
  @Test(arguments: Shipped.chips, ["int8", "fp8", "int4"])
  func narrowProductsTakeARateThatTheChipLists(chip: String, format: String) throws {
    guard
      let plan = try? Self.plan(chip, [.weights: format, .activations: format, .kv: format])
    else { return }
    let precision = plan.model.choices.activations.multiply
    let used = try #require(plan.machine.engine(for: precision))
    let listed = plan.machine.chip.engines.contains { engine in
      (engine.kind == .matrix || engine.kind == .vector)
        && engine.rates.contains { $0.input == precision && $0.operation == nil }
    }
    #expect((used.rate == precision) == listed)
    let footprint = plan.footprint(StepSettings(), workspace: .zero)
    let note = plan.note(context: 512, footprint: footprint)
    if !listed, used.engine.kind == .matrix {
      #expect(note.contains("\(precision.rawValue) products run at the"))
    }
  }

  /// Wide weights keep products wide, and the note says so.
  @Test func wideWeightsKeepProductsWide() throws {
    let plan = try Self.plan("nvidia-a100-sxm-80", [.weights: "bf16", .activations: "int8"])
    let footprint = plan.footprint(StepSettings(), workspace: .zero)
    #expect(plan.note(context: 512, footprint: footprint).contains("weights of bf16 need"))
    for operation in plan.model.operations(.prefill(8)) where operation.id == .down {
      #expect(operation.work.precision == .bf16)
    }
  }

  /// Every named format on both phases, as weights, cache and activations, where some engine carries it.
  @Test(arguments: ShippedFormats.all)
  func everyFormatIsCosted(format: NumberFormat) throws {
    for phase in Phase.allCases {
      var plan = try Shipped.plan(
        "llama-3.2-1b", on: "nvidia-h100-sxm", under: "tensorrt-llm",
        [.weights: format.name, .kv: format.name, .phase: phase.rawValue])
      let row = plan.row(plan.settings.step)
      #expect(row.cost.expected > .zero && row.labels.kv == format.name)
      let elements = 16 * 2 * 8 * 64 * 8192
      let cache = row.footprint.kvCache.value
      #expect(abs(cache / (Double(elements) * format.bytesPerElement) - 1) < 1e-9)
    }
  }
}
