import Quantities

extension ChipLint {
  /// The clock of an engine is one of the chip's.
  static let clocks = ChipLint("clock-exists", "an engine's clock is in `clocks`") { chip, report in
    for (index, engine) in chip.engines.enumerated() {
      guard let clock = engine.clock, chip.clocks[clock] == nil else { continue }
      report.fault(
        at: chip.path(toEngine: index)["clock"],
        "\(engine.id) runs at \"\(clock)\", not in `clocks`")
    }
  }

  /// Modes only slow down, and the default is one of them.
  static let powerModes = ChipLint(
    "power-mode", "the scales of a power mode are in (0, 1], and the default mode exists"
  ) { chip, report in
    let path = FieldPath("power")
    for (index, mode) in chip.power.modes.enumerated() {
      let scales = [
        ("clock_scale", mode.clockScale.value.value),
        ("bandwidth_scale", mode.bandwidthScale.value.value),
      ]
      for (key, scale) in scales where !(scale > 0 && scale <= 1) {
        report.fault(
          at: path["modes"].member(index, mode.name)[key],
          "\(mode.name) has \(scale); a scale is above 0 and at most 1, of the fastest mode")
      }
    }
    let names = chip.power.modes.map(\.name)
    if let mode = chip.power.defaultMode, !names.contains(mode) {
      report.fault(at: path["default_mode"], "\"\(mode)\" is none of the modes")
    }
  }
}
