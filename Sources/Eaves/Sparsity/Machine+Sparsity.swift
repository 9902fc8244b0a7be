extension Machine {
  /// How much faster than dense the chip's 2:4 products go, by the precision that is asked for; only what the
  /// engine and the rate that carry it list.
  var twoOfFourSpeedups: [MultiplyPrecision: Double] {
    let builder = MachineBuilder(chip: chip, profile: profile, mode: mode)
    var speedups: [MultiplyPrecision: Double] = [:]
    for precision in MultiplyPrecision.allCases {
      guard let used = engine(for: precision),
        let rate = builder.rate(of: used.engine, used.rate),
        let sparse = rate.sparse.first(where: { $0.pattern == "2:4" })
      else { continue }
      speedups[precision] = sparse.speedup
    }
    return speedups
  }
}
