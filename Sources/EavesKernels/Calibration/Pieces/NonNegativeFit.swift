/// Least squares of relative errors with coefficients that are not negative: times never are.
enum NonNegativeFit {
  /// Finds c ≥ 0 that minimises Σ (Σ u·c / t − 1)².
  ///
  /// Coordinate descent on the normal equations, which converges as they are convex: each coefficient in turn is set to
  /// its best value, or to 0 where that is below.
  /// - Parameters:
  ///   - units: For each sample the units of each coefficient.
  ///   - times: For each sample what they took; above zero.
  /// - Returns: The coefficients; 0 for those that no sample has units of.
  static func coefficients(units: [[Double]], times: [Double]) -> [Double] {
    let count = units.first?.count ?? 0
    // Columns are brought to one scale, else call overheads and multiply-adds lie nine decades apart.
    var scales = [Double](repeating: 0, count: count)
    for (row, time) in zip(units, times) {
      for column in 0..<count { scales[column] = max(scales[column], row[column] / time) }
    }
    let rows = zip(units, times).map { row, time in
      (0..<count).map { scales[$0] > 0 ? row[$0] / time / scales[$0] : 0 }
    }
    var gram = [[Double]](repeating: Array(repeating: 0, count: count), count: count)
    var target = [Double](repeating: 0, count: count)
    for row in rows {
      for i in 0..<count {
        target[i] += row[i]
        for j in 0..<count { gram[i][j] += row[i] * row[j] }
      }
    }
    var result = [Double](repeating: 0, count: count)
    for _ in 0..<20_000 {
      var moved = 0.0
      for i in 0..<count where gram[i][i] > 0 {
        var rest = target[i]
        for j in 0..<count where j != i { rest -= gram[i][j] * result[j] }
        let best = max(0, rest / gram[i][i])
        moved = max(moved, abs(best - result[i]))
        result[i] = best
      }
      if moved < 1e-12 { break }
    }
    return (0..<count).map { scales[$0] > 0 ? result[$0] / scales[$0] : 0 }
  }
}
