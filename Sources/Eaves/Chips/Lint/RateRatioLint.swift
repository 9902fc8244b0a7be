import Quantities

extension ChipLint {
  /// An array that takes narrower factors takes twice or four times as many, never 1.3 times.
  ///
  /// A factor of a half is a narrower format with a wider accumulator. Ratios above eight are not looked
  /// at: some half always lies within 3 % of them.
  static let rateRatios = ChipLint(
    "rate-ratio", "matrix rates of one engine stand in whole or half ratios, within 3 %"
  ) { chip, report in
    for (index, engine) in chip.engines.enumerated() where engine.kind == .matrix {
      for (far, rate) in engine.rates.enumerated() {
        for other in engine.rates[..<far] {
          let (narrow, wide) = rate.input.bits <= other.input.bits ? (rate, other) : (other, rate)
          let ratio = narrow.peak.value / wide.peak.value
          let nearest = max((2 * ratio).rounded(), 1) / 2
          guard ratio < 8, abs(ratio / nearest - 1) > tolerance else { continue }
          report.disagree(
            at: chip.path(toRate: far, ofEngine: index)["peak"],
            "\(engine.id) has \(narrow.peak.value.display) for \(narrow.name), "
              + "\(significant(ratio)) times its \(wide.peak.value.display) for \(wide.name)")
        }
      }
    }
  }
}

extension MultiplyPrecision {
  /// Bits of one factor as it is multiplied; tf32 keeps 19 of the 32 that it is stored in.
  var bits: Int {
    switch self {
    case .f64: 64
    case .f32, .i32: 32
    case .tf32: 19
    case .bf16, .f16, .i16: 16
    case .f8, .i8: 8
    case .f6: 6
    case .f4, .i4: 4
    case .b1: 1
    }
  }
}
