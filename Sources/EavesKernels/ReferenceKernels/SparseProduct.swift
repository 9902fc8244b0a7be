import Eaves

/// Weights with zeros left out: 2 of every 4 in a row, or any, with the places of those that are kept.
struct SparseMatrix: Sendable {
  /// How zeros are left out.
  enum Storage: String, Sendable, CaseIterable {
    /// Two values of every four, with two bits each for their places.
    case twoOfFour = "2:4"
    /// Compressed rows: a 32-bit column a value, and where rows begin.
    case csr
  }

  let storage: Storage
  let rows: Int
  let columns: Int
  /// Values that are kept, row after row, their columns, and the first of each row.
  let values: [Double]
  let places: [Int]
  let starts: [Int]

  /// Keeps of dense weights the two largest of every four, or all above a threshold.
  init(_ storage: Storage, dense: [Double], columns: Int, threshold: Double = 0.5) {
    self.storage = storage
    self.columns = columns
    rows = dense.count / columns
    var (values, places, starts) = ([Double](), [Int](), [0])
    for row in 0..<rows {
      let line = Array(dense[row * columns..<(row + 1) * columns])
      let kept: [Int]
      switch storage {
      case .twoOfFour:
        kept = stride(from: 0, to: columns, by: 4).flatMap { start in
          (start..<start + 4).sorted { abs(line[$0]) > abs(line[$1]) }.prefix(2).sorted()
        }
      case .csr: kept = line.indices.filter { abs(line[$0]) > threshold }
      }
      values += kept.map { line[$0] }
      places += kept
      starts.append(values.count)
    }
    self.values = values
    self.places = places
    self.starts = starts
  }

  /// Bits of the places: two a value, or 32 a value and a row's start.
  var indexBits: Int {
    switch storage {
    case .twoOfFour: 2 * values.count
    case .csr: 32 * (values.count + rows + 1)
    }
  }

  /// Dense weights with zeros where none are kept.
  var masked: [Double] {
    var dense = Array(repeating: 0.0, count: rows * columns)
    for row in 0..<rows {
      for index in starts[row]..<starts[row + 1] {
        dense[row * columns + places[index]] = values[index]
      }
    }
    return dense
  }

  /// The product with activations, described by the same public types as every operation: Eaves has no emitter of
  /// sparse weights yet.
  func operation(tokens: Int) -> Operation {
    let f32 = CompactFormat(.f32)
    var operation = Operation(
      .attentionOutput, .matmul(m: Double(tokens), n: rows, k: columns, count: 1),
      work: Work(multiplyAdds: Double(tokens * values.count), precision: .f32), repeats: 1)
    operation.add(Operand(.activationRead, rows: tokens, columns: columns, format: f32))
    operation.add(Operand(.weights, rows: 1, columns: values.count, format: f32))
    let index = CompactFormat(
      NumberFormat(
        name: "index", blockElements: values.count, blockBits: Double(indexBits), multiply: .i8))
    operation.add(Operand(.weights, rows: 1, columns: values.count, format: index))
    operation.add(Operand(.activationWrite, rows: tokens, columns: rows, format: f32))
    return operation
  }
}

/// y[i, j] = Σ over kept l of x[i, l]·w[j, l].
enum SparseProduct {
  /// - Throws: `KernelError` where the matrix is not the operand of the operation.
  static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ matrix: SparseMatrix
  ) throws(KernelError) {
    let x = buffers[0]
    let count = matrix.values.count
    let values = try buffers.buffer(1, rows: 1, columns: count)
    let places = try buffers.buffer(2, rows: 1, columns: count)
    let output = try buffers.output()
    for index in 0..<count {
      values[0, index] = Scalar(matrix.values[index])
      places[0, index] = Scalar(Double(matrix.places[index]))
    }
    for token in 0..<x.rows {
      for row in 0..<matrix.rows {
        let start = matrix.starts[row]
        output[token, row] = Scalar.dot(matrix.starts[row + 1] - start) {
          (values[0, start + $0], x[token, Int(places[0, start + $0].widened)])
        }
      }
    }
  }
}
