import Eaves
import EavesBlocks
import EavesCatalog
import EavesKernels
import Quantities

/// Rounds the weights of a file to formats and adds up how far they are off.
struct FormatStudy {
  let model: Model
  let files: WeightFiles
  /// Rows of each matrix that are read, evenly spread; all where `nil`.
  var rows: Int?
  /// Activation vectors that outputs are formed with.
  var vectors = 4
  var seed: UInt64 = 1

  /// One format on one matrix, or on all.
  struct Result: Sendable {
    let scheme: WeightScheme
    /// The matrix; empty for all.
    var tensor = ""
    /// The formats that the scheme has put the matrices in.
    var formats: [String] = []
    var error = WeightError()
    /// Stored bits of the weights that were read, scales included.
    var bits = 0.0
    var tensors = 0
    var worst: (tensor: String, ratio: Double)?

    var bitsPerWeight: Double { bits / Double(max(1, error.weights)) }
  }

  /// Measures every scheme on every matrix.
  /// - Parameters:
  ///   - schemes: the weight schemes.
  ///   - progress: is told the share that is done.
  /// - Returns: for each scheme the sum, and its matrices one by one.
  /// - Throws: `DataError` where the file cannot be read, or is stored in a format that cannot.
  func measure(
    _ schemes: [WeightScheme], progress: (Double) -> Void
  ) throws(DataError) -> [(all: Result, each: [Result])] {
    let matrices = files.matrices(of: model)
    guard !matrices.isEmpty else {
      throw DataError(
        file: files.path, "has no matrices that are quantised", remedy: "name a model's weights")
    }
    var results = schemes.map { (all: Result(scheme: $0), each: [Result]()) }
    for (index, matrix) in matrices.enumerated() {
      let values = try values(of: matrix)
      let columns = matrix.tensor.rowLength
      let activations = WeightError.activations(vectors, columns: columns, seed: seed)
      for place in results.indices {
        let one = try measure(values, matrix, results[place].all.scheme, activations)
        results[place].each.append(one)
        results[place].all.add(one)
      }
      progress(Double(index + 1) / Double(matrices.count))
    }
    return results
  }

  private func measure(
    _ values: [Float], _ matrix: StoredMatrix, _ scheme: WeightScheme, _ activations: [Float]
  ) throws(DataError) -> Result {
    let format = scheme.format(of: matrix.place)
    guard let quantiser = QuantiserList.quantiser(of: format) else {
      throw DataError(
        .notFound, "\(scheme.name): weights cannot be rounded to \(format.name) here",
        remedy: "eaves formats measure --help lists those that can")
    }
    var result = Result(scheme: scheme, tensor: matrix.tensor.name, formats: [format.name])
    result.error = WeightError(
      of: values, columns: matrix.tensor.rowLength, by: quantiser, activations: activations)
    result.bits = format.bitsPerElement * Double(values.count)
    result.tensors = 1
    result.worst = (matrix.tensor.name, result.error.weightRatio)
    return result
  }

  /// The values of the rows that are read.
  private func values(of matrix: StoredMatrix) throws(DataError) -> [Float] {
    let count = min(matrix.rows, rows ?? matrix.rows)
    let chosen = (0..<count).map { $0 * matrix.rows / count }
    let bytes = try files.bytes(ofRows: chosen, of: matrix)
    guard let values = TensorValues.read(bytes, as: matrix.tensor.type) else {
      throw DataError(
        file: matrix.tensor.file, field: matrix.tensor.name,
        "values stored as \(matrix.tensor.type) cannot be read here",
        remedy: "name a file in f32, f16, bf16, or a block format of ggml")
    }
    guard values.allSatisfy({ $0.isFinite }) else {
      throw DataError(
        file: matrix.tensor.file, field: matrix.tensor.name,
        "holds values that are no finite numbers", remedy: "the file is damaged; get it again")
    }
    return values
  }
}

extension FormatStudy.Result {
  /// Adds what one matrix gave.
  mutating func add(_ other: Self) {
    error.add(other.error)
    bits += other.bits
    tensors += other.tensors
    for format in other.formats where !formats.contains(format) { formats.append(format) }
    if let worst = other.worst, worst.ratio > self.worst?.ratio ?? -1 { self.worst = worst }
  }
}
