public import Eaves

/// The product of an activation and weight matrices, generic over the scalar.
///
/// y[i, j] = Σ_l x[i, l] · w[j, l]; x: [m, k], w: [n, k] (rows are outputs, as weights are stored; several
/// matrices of an operation are stacked), y: [m, n]. One row is a gemv. On `Double` it is the oracle of the BLAS
/// kernel.
public enum Matmul {
  /// Executes a product operation.
  /// - Throws: `KernelError` where the operation is no product or the buffers do not fit it.
  public static func run<Scalar: KernelScalar>(_ buffers: Buffers<Scalar>) throws(KernelError) {
    let shape = try ProductShape(buffers.operation)
    try run(buffers, shape, rows: shape.m, columns: shape.n, depth: shape.k)
  }

  /// Executes it in square tiles of the result and of the factors, so that three of them fit a cache.
  ///
  /// The rows of x travel once for each tile of columns, those of w once for each tile of rows (docs/method.md 2).
  /// - Throws: `KernelError` where the operation is no product or the buffers do not fit it.
  public static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, tile: Int
  ) throws(KernelError) {
    let shape = try ProductShape(buffers.operation)
    try run(buffers, shape, rows: tile, columns: tile, depth: tile)
  }

  private static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, _ shape: ProductShape, rows: Int, columns: Int, depth: Int
  ) throws(KernelError) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    let x = try buffers.buffer(0, rows: m, columns: k)
    let weights = buffers.with(.weights)
    let places = weights.flatMap { matrix in (0..<matrix.rows).map { (matrix, $0) } }
    let y = try buffers.output()
    guard places.count == n, y.rows == m, y.columns == n else {
      throw .operandMismatch("\(places.count) rows of weights for \(n), \(y.rows)×\(y.columns)")
    }
    for firstRow in stride(from: 0, to: m, by: rows) {
      for firstColumn in stride(from: 0, to: n, by: columns) {
        // Sums of a tile stay where they are formed: [rows, columns].
        var sums = Array(repeating: Scalar.zero, count: rows * columns)
        for start in stride(from: 0, to: k, by: depth) {
          for row in firstRow..<min(firstRow + rows, m) {
            for column in firstColumn..<min(firstColumn + columns, n) {
              let place = (row - firstRow) * columns + column - firstColumn
              let (matrix, weightRow) = places[column]
              for inner in start..<min(start + depth, k) {
                sums[place] = sums[place].adding(
                  product: x[row, inner], matrix[weightRow, inner])
              }
            }
          }
        }
        for row in firstRow..<min(firstRow + rows, m) {
          for column in firstColumn..<min(firstColumn + columns, n) {
            y[row, column] = sums[(row - firstRow) * columns + column - firstColumn]
          }
        }
      }
    }
  }
}

/// Products of some sizes: the output projection of attention, and queries, keys and values in one.
public struct MatmulCase: KernelCase {
  public static let family = "matmul"
  let m: Int
  let n: Int
  let k: Int
  /// Key-value heads of a product for queries, keys and values; 0 for an output projection.
  var kvHeads = 0

  public var shape: String { "\(m)×\(n)×\(k)\(kvHeads > 0 ? " qkv" : "")" }

  public var operations: [Operation] {
    get throws(KernelError) {
      guard kvHeads > 0 else {
        let attention = Block.Attention(heads: 1, kvHeads: 1, headSize: k)
        return try TinyModel(hidden: n, attention: attention)
          .operations(.prefill(m), .attentionOutput)
      }
      let heads = n / 4 - 2 * kvHeads
      let attention = Block.Attention(heads: heads, kvHeads: kvHeads, headSize: 4)
      return try TinyModel(hidden: k, attention: attention).operations(.prefill(m), .qkv)
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    try Matmul.run(buffers)
    return try buffers.output().values
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let buffers = try memory.buffers(0)
    let (x, w) = (buffers[0].values, buffers.with(.weights).flatMap(\.values))
    return (0..<m * n).map { place in
      (0..<k).reduce(0) { $0 + x[place / n * k + $1] * w[place % n * k + $1] }
    }
  }

  static let all: [any KernelCase] =
    [(1, 24, 40), (1, 64, 9), (3, 5, 7), (16, 16, 16), (13, 20, 33)].map {
      MatmulCase(m: $0.0, n: $0.1, k: $0.2)
    } + [MatmulCase(m: 5, n: 32, k: 12, kvHeads: 2)]
}
