public import Eaves
import EavesBlocks

/// Products with 2:4 and CSR weights.
///
/// The definition multiplies the masked dense matrix.
///
/// Eaves describes only dense weights so far: these operations are built here by the same public types, so that counts
/// hold the kernel to the number of values that are kept, and bytes to values and indices.
public struct SparseProductCase: KernelCase {
  public static let family = "sparse-product"
  let storage: SparseMatrix.Storage
  let tokens: Int
  private static let (rows, columns) = (7, 16)

  public var shape: String { "\(storage.rawValue) \(tokens)×\(Self.rows)×\(Self.columns)" }

  var matrix: SparseMatrix {
    var generator = SplitMix64(seed: 3)
    let dense = (0..<Self.rows * Self.columns).map { _ in Double(generator.uniform()) }
    return SparseMatrix(storage, dense: dense, columns: Self.columns)
  }

  public var operations: [Operation] { [matrix.operation(tokens: tokens)] }

  /// Activations of columns where no row keeps a weight are not read.
  public func untouched(_ operation: Operation, _ operand: Int) -> Int {
    guard operand == 0 else { return 0 }
    return (Self.columns - Set(matrix.places).count) * tokens
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    try SparseProduct.run(buffers, matrix)
    return try buffers.output().values
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let (x, w) = (try memory.buffers(0)[0].values, matrix.masked)
    return (0..<tokens * Self.rows).map { place in
      (0..<Self.columns).reduce(0) {
        $0 + x[place / Self.rows * Self.columns + $1] * w[place % Self.rows * Self.columns + $1]
      }
    }
  }

  static let all: [any KernelCase] = SparseMatrix.Storage.allCases.flatMap { storage in
    [1, 5].map { SparseProductCase(storage: storage, tokens: $0) }
  }
}
