import EavesCatalog
import Quantities
import Testing

@testable import Eaves

/// Passes that end early against every outcome of a batch.
@Suite struct EarlyExitTests {
  private static func plan(_ decoding: String?, _ options: [Option: String] = [:]) throws -> Plan {
    var options = options
    options[.decoding] = decoding
    return try Shipped.plan("llama-3.1-8b", on: "nvidia-a100-sxm-80", under: "pytorch", options)
  }

  /// Σ over all ways in which the sequences of a batch leave of its chance and the cost of the last to leave.
  @Test(arguments: 1...4) func theCostIsTheMeanOverAllOutcomes(batch: Int) throws {
    let options: [Option: String] = [.context: "1k", .batch: "\(batch)"]
    let (layers, shares) = ([8, 20, 32], [0.5, 0.3, 0.2])
    var plan = try Self.plan("early-exit:exits=8@0.5+20@0.3", options)
    let model = try Shipped.model("llama-3.1-8b")
    let costs = try layers.map { count in
      var part = try Plan(
        model.prefix(layers: count), on: Shipped.chip("nvidia-a100-sxm-80"),
        under: Shipped.runtime("pytorch"), Settings(options))
      return part.evaluate(.decode(context: 1024, batch: batch))
    }
    var expected = 0.0
    var lower = 0.0
    var outcomes = 1
    for _ in 0..<batch { outcomes *= 3 }
    for outcome in 0..<outcomes {
      var (rest, chance, last) = (outcome, 1.0, 0)
      for _ in 0..<batch {
        chance *= shares[rest % 3]
        last = max(last, rest % 3)
        rest /= 3
      }
      expected += chance * costs[last].expected.value
      lower += chance * costs[last].lower.value
    }
    let row = plan.row(plan.settings.step)
    #expect(abs(row.cost.expected.value / expected - 1) < 1e-12)
    #expect(abs(row.cost.lower.value / lower - 1) < 1e-12)
    #expect(row.tokens == Double(batch))
  }

  @Test func exitsThatNothingTakesCostWhatAllLayersDo() throws {
    var early = try Self.plan("early-exit:exits=31@0.000001")
    var all = try Self.plan(nil)
    let (row, whole) = (early.row(early.settings.step), all.row(all.settings.step))
    #expect(abs(row.cost.expected / whole.cost.expected - 1) < 1e-6)
    #expect(row.footprint.weights == whole.footprint.weights)
    #expect(row.note.contains("exits may change what the model says"))
  }

  /// Whoever stays has asked the head: it is read once more for each exit passed.
  @Test func askingTheHeadCostsItsWeightsAgain() throws {
    var plain = try Self.plan("early-exit:exits=8@0.5+16@0.25")
    var asking = try Self.plan("early-exit:exits=8@0.5+16@0.25:check=head")
    let difference =
      asking.row(asking.settings.step).cost.weightBytes
      - plain.row(plain.settings.step).cost.weightBytes
    // Half of the passes go on after the first exit, a quarter after the second; the final norm goes with the head.
    let head = Double(128_256 * 4096 + 4096) * 2
    #expect(abs(difference.value / (0.75 * head) - 1) < 1e-3)
  }

  @Test func aPrefillRunsAllLayers() throws {
    let options: [Option: String] = [.phase: "prefill", .context: "512"]
    var early = try Self.plan("early-exit:exits=8@0.9", options)
    var all = try Self.plan(nil, options)
    let cost = early.row(early.settings.step).cost
    #expect(cost.expected == all.row(all.settings.step).cost.expected)
  }
}
