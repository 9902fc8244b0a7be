import Quantities

extension ChipLint {
  /// Nothing was ever measured faster than it can be.
  static let measurements = ChipLint(
    "measured-within-peak",
    "measured and per-unit bandwidths, and achieved rates, are within the peak"
  ) { chip, report in
    for (index, level) in chip.memory.enumerated() {
      guard let peak = level.bandwidth?.value else { continue }
      let path = chip.path(toLevel: index)
      // Theoretical bandwidths are often rounded: 3 % of slack.
      if let best = level.measuredBandwidth?.value, best > peak * (1 + tolerance) {
        report.disagree(
          at: path["measured_bandwidth"],
          "\(level.id) was measured at \(best.display), its peak is \(peak.display)")
      }
      for unit in Engine.Unit.allCases {
        guard let share = level.unitBandwidth[unit]?.value, share > peak else { continue }
        report.disagree(
          at: path["unit_bandwidth"][unit.rawValue],
          "the \(unit.rawValue) draws \(share.display) of the \(peak.display) of \(level.id)")
      }
    }
    for (index, engine) in chip.engines.enumerated() {
      for (position, rate) in engine.rates.enumerated() {
        guard let best = rate.achieved?.value, best > rate.peak.value else { continue }
        report.disagree(
          at: chip.path(toRate: position, ofEngine: index)["achieved"],
          "\(engine.id) achieved \(best.display) for \(rate.name), its peak is "
            + rate.peak.value.display)
      }
    }
  }
}
