import Eaves
import EavesCatalog
import Quantities
import Testing

/// A power mode scales the clock of every engine and the bandwidth of main memory.
@Suite struct PowerModeTests {
  struct Mode: Sendable, CustomTestStringConvertible {
    let chip: String
    let mode: Power.Mode
    var testDescription: String { "\(chip) \(mode.name)" }
  }

  /// Every mode of every shipped chip.
  static let modes: [Mode] = Shipped.chips.flatMap { name in
    let chip = try? Shipped.chip(name)
    return (chip?.power.modes ?? []).map { Mode(chip: name, mode: $0) }
  }

  @Test func someShippedChipsHaveModes() {
    #expect(Self.modes.count >= 4)
  }

  @Test(arguments: modes)
  func aModeScalesPeaksAndBandwidth(mode: Mode) throws {
    let chip = try Shipped.chip(mode.chip)
    let ideal = try Shipped.runtime("ideal")
    let full = try Machine(chip, ideal)
    let scaled = try Machine(chip, ideal, mode: mode.mode)
    let clock = mode.mode.clockScale.value.value
    let bandwidth = mode.mode.bandwidthScale.value.value
    #expect(abs(scaled.mainBandwidth / full.mainBandwidth / bandwidth - 1) < 1e-12)
    for precision in MultiplyPrecision.allCases {
      guard let peak = full.peak(for: precision) else { continue }
      let slowed = try #require(scaled.peak(for: precision))
      #expect(abs(slowed / peak / clock - 1) < 1e-12, "\(precision)")
    }
  }

  /// Decode follows the bandwidth and prefill the clock: the roofs scale, not a constant.
  @Test func decodeFollowsTheBandwidthAndPrefillTheClock() throws {
    let mode = Power.Mode(
      name: "low", clockScale: TestChip.measure(Ratio(0.5)),
      bandwidthScale: TestChip.measure(Ratio(0.25)))
    var full = try TestChip.evaluator(try Shipped.model("llama-3.1-8b"))
    var low = try TestChip.evaluator(try Shipped.model("llama-3.1-8b"), mode: mode)
    let decode = Step.decode(context: 4096)
    let prefill = Step.prefill(4096)
    #expect(abs(low.evaluate(decode).lower / full.evaluate(decode).lower - 4) < 1e-9)
    #expect(abs(low.evaluate(prefill).lower / full.evaluate(prefill).lower - 2) < 1e-9)
  }

  @Test func anUnknownModeNamesTheKnownOnes() {
    #expect {
      try Shipped.plan(
        "qwen2.5-0.5b", on: "nvidia-orin-nano-8", under: "ideal", [.powerMode: "9W"])
    } throws: { error in
      "\(error)"
        == "--power-mode: nvidia-orin-nano-8 has no power mode \"9W\"; write 7W, 15W"
    }
    #expect {
      try Shipped.plan(
        "qwen2.5-0.5b", on: "nvidia-a100-sxm-80", under: "ideal", [.powerMode: "9W"])
    } throws: { error in
      "\(error)" == "--power-mode: nvidia-a100-sxm-80 has no power mode \"9W\"; it lists none; "
        + "leave the option out"
    }
  }
}
