extension ChipLint {
  /// Sums are kept at least as wide as engines of that sort keep them.
  ///
  /// On matrix engines 16-bit floats and narrower may sum in f16 (GeForce doubles its rate so), other
  /// formats in what `usualAccumulator` says; on lanes nothing sums in less than its own width.
  static let accumulators = ChipLint(
    "accumulate-width", "a rate's accumulator is of its input's sort and no narrower than usual"
  ) { chip, report in
    for (index, engine) in chip.engines.enumerated() {
      for (position, rate) in engine.rates.enumerated() {
        let least = rate.input.narrowestAccumulator(isMatrix: engine.kind == .matrix)
        let isSame = rate.accumulate.isFloat == rate.input.isFloat
        guard !isSame || rate.accumulate.bits < least.bits else { continue }
        report.disagree(
          at: chip.path(toRate: position, ofEngine: index)["accumulate"],
          "\(rate.input.rawValue) sums in \(rate.accumulate.rawValue), not in \(least.rawValue) or wider"
        )
      }
    }
  }
}

extension MultiplyPrecision {
  fileprivate var isFloat: Bool { usualAccumulator != .i32 }

  fileprivate func narrowestAccumulator(isMatrix: Bool) -> MultiplyPrecision {
    switch self {
    case .f16, .f8, .f6, .f4: isMatrix ? .f16 : self
    default: isMatrix ? usualAccumulator : self
    }
  }
}
