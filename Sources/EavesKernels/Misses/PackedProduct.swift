/// The order in which OpenBLAS's sgemm touches memory on one thread, its packed copies included.
///
/// Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication", section 4; loops and blocks as in
/// `driver/level3/level3.c` of OpenBLAS 0.3.21 (`P`, `Q`, `unroll` from its table for Haswell, which valgrind shows
/// the library). In its columns the right factor of a row-major product is the first one: blocks of its columns
/// (at most P) and of the depth (at most Q) are copied into one buffer, strips of the left factor into another.
struct PackedProduct {
  /// Columns of the result in a block, depth of a block, and the strips of the kernel on Haswell.
  static let (p, q, unroll, strip) = (320, 320, 8, 12)
  private let columnsPacked: TracedMatrix
  private let rowsPacked: TracedMatrix

  /// Places the buffers of the library: P × Q floats, and Q floats for each row of the left factor.
  init(_ cache: AssociativeCache, rows: Int) {
    columnsPacked = TracedMatrix(cache, rows: 1, columns: Self.p * Self.q)
    rowsPacked = TracedMatrix(cache, rows: 1, columns: Self.q * rows)
  }

  /// The next block of what is left: all of it, about half, or `most`.
  static func block(_ left: Int, most: Int) -> Int {
    if left >= 2 * most { return most }
    return left > most ? (left / 2 + unroll - 1) / unroll * unroll : left
  }

  /// C = A·B + β·C: A [m, k], B [k, n], or B [n, k] where it is `isTransposed`.
  func multiply(
    m: Int, n: Int, k: Int, _ a: TracedMatrix, _ b: TracedMatrix, isTransposed: Bool,
    into c: TracedMatrix, keeps: Bool = false
  ) {
    if !keeps {
      for row in 0..<m { c.touch(row: row, count: n) }
    }
    var depth = 0
    while depth < k {
      let deep = Self.block(k - depth, most: Self.q)
      var column = 0
      while column < n {
        let wide = Self.block(n - column, most: Self.p)
        pack(b, isTransposed, column, wide, depth, deep)
        var row = 0
        while row < m {
          let high = Self.rows(m - row)
          // Strips of rows overwrite each other where one block has all columns.
          let place = wide == n ? 0 : row * deep
          if column == 0 { pack(a, row, high, depth, deep, at: place) }
          for first in stride(from: 0, to: wide, by: Self.unroll) {
            let width = min(Self.unroll, wide - first)
            columnsPacked.touch(row: 0, from: first * deep, count: width * deep)
            rowsPacked.touch(row: 0, from: place, count: high * deep)
            for inner in row..<row + high {
              c.touch(row: inner, from: column + first, count: width)
            }
          }
          row += high
        }
        column += wide
      }
      depth += deep
    }
  }

  /// Rows of the next strip.
  private static func rows(_ left: Int) -> Int { left >= strip ? strip : min(left, 4) }

  /// Copies a block of B, in strips of columns that lie one after the other.
  private func pack(
    _ b: TracedMatrix, _ isTransposed: Bool, _ column: Int, _ wide: Int, _ depth: Int, _ deep: Int
  ) {
    if isTransposed {
      for first in stride(from: 0, to: wide, by: Self.unroll) {
        let width = min(Self.unroll, wide - first)
        for row in first..<first + width { b.touch(row: column + row, from: depth, count: deep) }
        columnsPacked.touch(row: 0, from: first * deep, count: width * deep)
      }
    } else {
      for row in stride(from: 0, to: deep, by: 2) {
        for inner in row..<min(row + 2, deep) {
          b.touch(row: depth + inner, from: column, count: wide)
        }
        for first in stride(from: 0, to: wide, by: Self.unroll) {
          let width = min(Self.unroll, wide - first)
          columnsPacked.touch(
            row: 0, from: first * deep + row * width, count: min(2, deep - row) * width)
        }
      }
    }
  }

  /// Copies a strip of rows of A.
  private func pack(
    _ a: TracedMatrix, _ row: Int, _ high: Int, _ depth: Int, _ deep: Int, at place: Int
  ) {
    for inner in row..<row + high { a.touch(row: inner, from: depth, count: deep) }
    rowsPacked.touch(row: 0, from: place, count: high * deep)
  }
}
