extension ChipLint {
  /// A sparsity goes faster than dense, and by no more than it skips.
  ///
  /// 2:4 on the shipped engines is exactly twice as fast: another factor is a mistake or needs its reason.
  static let sparsity = ChipLint(
    "sparse-speedup", "a sparsity is n:m with 1 <= speed-up <= m / n, and 2:4 doubles the rate"
  ) { chip, report in
    for (index, engine) in chip.engines.enumerated() {
      for (position, rate) in engine.rates.enumerated() {
        for (place, sparsity) in rate.sparse.enumerated() {
          let path = chip.path(toRate: position, ofEngine: index)["sparse"]
            .member(place, sparsity.pattern)
          guard let (kept, group) = sparsity.keptOfGroup else {
            report.fault(
              at: path, "\"\(sparsity.pattern)\" is no pattern n:m that keeps n of m, n < m")
            continue
          }
          let most = Double(group) / Double(kept)
          if sparsity.speedup < 1 || sparsity.speedup > most {
            report.disagree(
              at: path,
              "\(sparsity.pattern) at \(sparsity.speedup) times the dense rate, not 1 to \(most)")
          } else if kept == 2, group == 4, sparsity.speedup != 2 {
            report.disagree(at: path, "2:4 at \(sparsity.speedup) times the dense rate, not 2")
          }
        }
      }
    }
  }
}

extension Engine.Sparsity {
  /// The two numbers of a pattern "n:m"; `nil` where it is none.
  fileprivate var keptOfGroup: (kept: Int, group: Int)? {
    let parts = pattern.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let kept = Int(parts[0]), let group = Int(parts[1]), kept > 0,
      kept < group
    else { return nil }
    return (kept, group)
  }
}
