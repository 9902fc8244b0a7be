import Quantities

extension ChipLint {
  /// The bandwidth of DRAM is what its pins carry: transfers a second times bits of the bus.
  static let dataRate = ChipLint(
    "data-rate", "DRAM bandwidth is data rate times bus width / 8, within 3 %"
  ) { chip, report in
    for (index, level) in chip.memory.enumerated() {
      guard level.kind == .dram || level.kind == .hbm, let bandwidth = level.bandwidth?.value,
        let rate = level.dataRate?.value, let width = level.busWidthBits
      else { continue }
      let carried = BytesPerSecond(rate.value * Double(width) / 8)
      guard abs(carried / bandwidth - 1) > tolerance else { continue }
      report.disagree(
        at: chip.path(toLevel: index)["bandwidth"],
        "\(rate.display) on \(width) bits carry \(carried.display), the profile has "
          + bandwidth.display)
    }
  }
}
