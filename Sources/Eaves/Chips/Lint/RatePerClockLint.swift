import Quantities

extension ChipLint {
  /// What one unit does in a clock is a power of two, or three times one where it has three equal pipes.
  ///
  /// It finds a peak that is stated at another clock, for another number of units, or with sparsity.
  static let ratePerClock = ChipLint(
    "rate-per-clock", "a peak is count times clock times a power of two (or 3 of them), within 3 %"
  ) { chip, report in
    for (index, engine) in chip.engines.enumerated() {
      guard let count = engine.count, let clock = engine.clock.flatMap({ chip.clocks[$0] }) else {
        continue
      }
      for (position, rate) in engine.rates.enumerated() {
        let perClock = rate.peak.value.value / Double(count) / clock.value.value
        guard perClock > 0, !isRegular(perClock) else { continue }
        report.disagree(
          at: chip.path(toRate: position, ofEngine: index)["peak"],
          "\(rate.peak.value.display) of \(count) x \(engine.countOf ?? engine.id) at "
            + "\(clock.value.display) is \(significant(perClock, digits: 4)) a clock and unit")
      }
    }
  }

  private static func isRegular(_ perClock: Double) -> Bool {
    // Scaled into 1 ..< 2, where 1, 1.5 (3 / 2) and 2 stand for all powers of two and three times one.
    let scaled = perClock.significand
    return [1, 1.5, 2].contains { abs(scaled / $0 - 1) <= tolerance }
  }
}
