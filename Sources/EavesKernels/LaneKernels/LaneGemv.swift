/// Products of matrices and a vector in float32.
enum LaneGemv {
  /// Rows whose sums are formed at once: each element of x is loaded once for all of them.
  static let rowsAtOnce = 4

  /// y[i] = Σ w[i, j]·x[j], four rows at a time, one of each quarter of the matrix.
  ///
  /// Four runs far apart are four streams to the prefetcher; short rows beside each other would be none.
  /// - Parameters:
  ///   - w: [rows, columns], row after row.
  ///   - x: [columns].
  ///   - y: [rows], overwritten.
  ///   - rows: a multiple of 4.
  ///   - columns: a multiple of the lanes, at most 16.
  @inline(never)
  static func multiply(
    _ w: UnsafePointer<Float>, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    rows: Int, columns: Int
  ) {
    let width = Lanes.width
    let quarter = rows / rowsAtOnce
    let apart = quarter * columns
    for first in 0..<quarter {
      let row = w + first * columns
      let (row1, row2, row3) = (row + apart, row + 2 * apart, row + 3 * apart)
      var (a0, a1, a2, a3) = (Lanes(), Lanes(), Lanes(), Lanes())
      var (b0, b1, b2, b3) = (Lanes(), Lanes(), Lanes(), Lanes())
      var column = 0
      while column + 2 * width <= columns {
        let (u, v) = (Lanes(x + column), Lanes(x + column + width))
        a0 = a0.adding(product: Lanes(row + column), u)
        a1 = a1.adding(product: Lanes(row1 + column), u)
        a2 = a2.adding(product: Lanes(row2 + column), u)
        a3 = a3.adding(product: Lanes(row3 + column), u)
        b0 = b0.adding(product: Lanes(row + column + width), v)
        b1 = b1.adding(product: Lanes(row1 + column + width), v)
        b2 = b2.adding(product: Lanes(row2 + column + width), v)
        b3 = b3.adding(product: Lanes(row3 + column + width), v)
        column += 2 * width
      }
      while column + width <= columns {
        let u = Lanes(x + column)
        a0 = a0.adding(product: Lanes(row + column), u)
        a1 = a1.adding(product: Lanes(row1 + column), u)
        a2 = a2.adding(product: Lanes(row2 + column), u)
        a3 = a3.adding(product: Lanes(row3 + column), u)
        column += width
      }
      let sums = Lanes.totals(a0 + b0, a1 + b1, a2 + b2, a3 + b3)
      for index in 0..<rowsAtOnce { y[index * quarter + first] = sums[index] }
    }
  }
}
