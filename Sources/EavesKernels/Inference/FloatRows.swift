/// Rows of floats that kernels write to: [rows, columns], zero at first.
final class FloatRows {
  let rows: Int
  let columns: Int
  private let buffer: AlignedBuffer

  init(_ rows: Int, _ columns: Int) {
    self.rows = rows
    self.columns = columns
    buffer = AlignedBuffer(bytes: rows * columns * MemoryLayout<Float>.size, filling: 0)
  }

  /// The first element of a row.
  subscript(row: Int) -> UnsafeMutablePointer<Float> { buffer.floats + row * columns }

  /// A part of the rows, from a column on, as a factor of a product.
  func part(from column: Int = 0) -> BLAS.Part { BLAS.Part(buffer.floats + column, columns) }

  /// The elements of a row from a column on.
  func values(_ row: Int, _ columns: Range<Int>) -> [Float] {
    Array(UnsafeBufferPointer(start: self[row] + columns.lowerBound, count: columns.count))
  }

  /// Sets the elements of a row from a column on.
  func set(_ values: [Float], _ row: Int, from column: Int) {
    for (place, value) in values.enumerated() { self[row][column + place] = value }
  }

  /// Adds other rows of the same size.
  func add(_ other: FloatRows) {
    for index in 0..<rows * columns { self[0][index] += other[0][index] }
  }

  /// √Σ of squares of some columns.
  func norm(_ columns: Range<Int>) -> Double {
    var sum = 0.0
    for row in 0..<rows {
      for column in columns {
        let value = Double(self[row][column])
        sum += value * value
      }
    }
    return sum.squareRoot()
  }
}
