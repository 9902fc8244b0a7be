import COpenBLAS

/// Threads of OpenBLAS.
public enum BLASThreads {
  /// Sets the number of threads of every later call.
  public static func set(_ count: Int) { openblas_set_num_threads(Int32(count)) }
}

/// The calls of the timed kernels, on row-major matrices.
enum BLAS {
  /// y = α·W·x + β·y: W [rows, columns] with `stride` floats from row to row.
  @inline(__always)
  static func gemv(
    _ w: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int? = nil,
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, alpha: Float = 1,
    beta: Float = 0
  ) {
    cblas_sgemv(
      CblasRowMajor, CblasNoTrans, Int32(rows), Int32(columns), alpha, w, Int32(stride ?? columns),
      x, 1, beta, y, 1)
  }

  /// y = α·Wᵀ·x + β·y: W [rows, columns], x [rows].
  @inline(__always)
  static func transposedGemv(
    _ w: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int? = nil,
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, alpha: Float = 1,
    beta: Float = 0
  ) {
    cblas_sgemv(
      CblasRowMajor, CblasTrans, Int32(rows), Int32(columns), alpha, w, Int32(stride ?? columns),
      x, 1, beta, y, 1)
  }

  /// A matrix: where it begins, and floats from row to row.
  struct Part {
    let start: UnsafePointer<Float>
    let stride: Int

    @inline(__always)
    init(_ start: UnsafePointer<Float>, _ stride: Int) {
      self.start = start
      self.stride = stride
    }

    @inline(__always)
    init(_ start: UnsafeMutablePointer<Float>, _ stride: Int) {
      self.init(UnsafePointer(start), stride)
    }
  }

  /// C = α·A·B + β·C: A [m, k], B [k, n], or B [n, k] where it is `transposed`; A [k, m] where that is.
  @inline(__always)
  static func gemm(
    m: Int, n: Int, k: Int, _ a: Part, isLeftTransposed: Bool = false, _ b: Part,
    isTransposed: Bool, into c: UnsafeMutablePointer<Float>, _ stride: Int, alpha: Float = 1,
    beta: Float = 0
  ) {
    cblas_sgemm(
      CblasRowMajor, isLeftTransposed ? CblasTrans : CblasNoTrans,
      isTransposed ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), alpha, a.start,
      Int32(a.stride), b.start, Int32(b.stride), beta, c, Int32(stride))
  }
}
