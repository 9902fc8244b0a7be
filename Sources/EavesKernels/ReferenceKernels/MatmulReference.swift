public import Eaves

/// The product of an activation and a weight matrix by its definition, generic over the scalar.
///
/// y[i, j] = Σ_l x[i, l] · w[j, l]; x: [m, k], w: [n, k] (rows are outputs, as weights are stored),
/// y: [m, n]. On `Double` it is the oracle of the BLAS kernel.
public enum MatmulReference {
  /// Executes a product operation.
  /// - Throws: `KernelError` where the operation is no product or the matrices do not fit it.
  public static func run<Scalar: Numeric & Sendable>(
    _ operation: Operation, x: Matrix<Scalar>, w: Matrix<Scalar>
  ) throws(KernelError) -> Matrix<Scalar> {
    let shape = try ProductShape(operation)
    guard x.rows == shape.m, x.columns == shape.k, w.rows == shape.n, w.columns == shape.k else {
      throw .operandMismatch("x is \(x.rows)×\(x.columns), w is \(w.rows)×\(w.columns)")
    }
    return Matrix(rows: shape.m, columns: shape.n) { row, column in
      var sum = Scalar.zero
      for depth in 0..<shape.k {
        sum += x.elements[row * shape.k + depth] * w.elements[column * shape.k + depth]
      }
      return sum
    }
  }
}
