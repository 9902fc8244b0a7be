internal import EavesBlocks

/// A dense matrix in row-major order: what kernels read and write.
public struct Matrix<Scalar: Sendable>: Sendable {
  /// Rows and columns.
  public let rows: Int
  public let columns: Int
  /// Elements, row after row.
  public var elements: [Scalar]

  /// A matrix of one value.
  public init(rows: Int, columns: Int, repeating value: Scalar) {
    self.rows = rows
    self.columns = columns
    elements = Array(repeating: value, count: rows * columns)
  }

  /// A matrix made element by element.
  public init(rows: Int, columns: Int, make: (Int, Int) -> Scalar) {
    self.rows = rows
    self.columns = columns
    elements = []
    elements.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { elements.append(make(row, column)) }
    }
  }
}

extension Matrix where Scalar == Float {
  /// Seeded values in [−1, 1), the same on every machine.
  public init(rows: Int, columns: Int, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    self.init(rows: rows, columns: columns) { _, _ in generator.uniform() }
  }
}
