import COpenBLAS
public import Eaves

/// The product of an activation and a weight matrix on OpenBLAS: gemv for one row, else gemm.
///
/// One row through gemm reaches a quarter of the bandwidth, so it never goes there.
public enum MatmulBLAS {
  /// Executes a product operation into `y`, which is not allocated here.
  /// - Parameters:
  ///   - operation: the product.
  ///   - x: [m, k].
  ///   - w: [n, k], rows are outputs.
  ///   - y: [m, n], overwritten.
  /// - Throws: `KernelError` where the operation is no product or the matrices do not fit it.
  public static func run(
    _ operation: Operation, x: Matrix<Float>, w: Matrix<Float>, into y: inout Matrix<Float>
  ) throws(KernelError) {
    let shape = try ProductShape(operation)
    guard x.rows == shape.m, x.columns == shape.k, w.rows == shape.n, w.columns == shape.k,
      y.rows == shape.m, y.columns == shape.n
    else {
      throw .operandMismatch(
        "x is \(x.rows)×\(x.columns), w is \(w.rows)×\(w.columns), y is \(y.rows)×\(y.columns)")
    }
    let (m, n, k) = (Int32(shape.m), Int32(shape.n), Int32(shape.k))
    if m == 1 {
      cblas_sgemv(
        CblasRowMajor, CblasNoTrans, n, k, 1, w.elements, k, x.elements, 1, 0, &y.elements, 1)
    } else {
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, x.elements, k, w.elements, k, 0,
        &y.elements, n)
    }
  }

  /// The number of threads, and the core type that OpenBLAS chose, for the record.
  public static var configuration: String {
    "OpenBLAS on \(OpenBLASCore.name), \(openblas_get_num_threads()) thread(s)"
  }
}
