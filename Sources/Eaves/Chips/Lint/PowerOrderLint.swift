import Quantities

extension ChipLint {
  /// A chip draws the less the less it does.
  static let powerOrder = ChipLint(
    "power-order", "idle <= static while busy <= TDP <= peak, and no other power is above the peak"
  ) { chip, report in
    let power = chip.power
    let pairs = [
      (("idle", power.idle), ("static_busy", power.staticBusy)),
      (("idle", power.idle), ("tdp", power.tdp)),
      (("static_busy", power.staticBusy), ("tdp", power.tdp)),
      (("tdp", power.tdp), ("peak", power.peak)),
      (("sustained", power.sustained), ("peak", power.peak)),
      (("typical", power.typical), ("peak", power.peak)),
    ]
    for ((lower, less), (upper, more)) in pairs {
      guard let less = less?.value, let more = more?.value, less > more else { continue }
      report.disagree(
        at: FieldPath("power")[lower],
        "\(lower) of \(less.display) is above \(upper) of \(more.display)")
    }
  }
}
