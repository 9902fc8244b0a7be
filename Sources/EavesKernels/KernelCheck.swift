import Eaves

/// A kernel run against its float64 oracle on one operation.
public struct KernelCheck: Sendable {
  /// The kernel family.
  public let family: String
  /// The shape, for people.
  public let shape: String
  /// Relative L2 error against the oracle.
  public let error: Double
  /// What it may be: 1e-5 for fp32 kernels (docs/method.md 1).
  public let tolerance: Double

  /// Whether the kernel is right.
  public var isWithinTolerance: Bool { error <= tolerance }

  /// Every shape of the matmul family.
  public static let shapes: [(m: Int, n: Int, k: Int)] = [
    (1, 256, 512), (1, 1024, 64), (3, 5, 7), (64, 64, 64), (128, 300, 257),
  ]

  /// Runs one product of `m` rows, `n` columns and depth `k` on OpenBLAS and in float64.
  /// - Throws: `KernelError` where the operation and the matrices disagree: a fault of ours.
  public static func matmul(m: Int, n: Int, k: Int) throws(KernelError) -> KernelCheck {
    let f32 = CompactFormat(.f32)
    var operation = Operation(
      .attentionOutput, .matmul(m: Double(m), n: n, k: k, count: 1),
      work: Work(multiplyAdds: Double(m * n * k), precision: .f32), repeats: 1)
    operation.add(Operand(.activationRead, rows: m, columns: k, format: f32))
    operation.add(Operand(.weights, rows: n, columns: k, format: f32))
    operation.add(Operand(.activationWrite, rows: m, columns: n, format: f32))

    let x = Matrix<Float>(rows: m, columns: k, seed: 1)
    let w = Matrix<Float>(rows: n, columns: k, seed: 2)
    var y = Matrix<Float>(rows: m, columns: n, repeating: .nan)
    try MatmulBLAS.run(operation, x: x, w: w, into: &y)
    let oracle = try MatmulReference.run(operation, x: x.widened, w: w.widened)
    return KernelCheck(
      family: "matmul", shape: "\(m)×\(n)×\(k)",
      error: relativeError(of: y.elements, against: oracle.elements), tolerance: 1e-5)
  }

  /// ‖y − reference‖₂ / ‖reference‖₂.
  static func relativeError(of values: [Float], against reference: [Double]) -> Double {
    var difference = 0.0
    var norm = 0.0
    for (value, exact) in zip(values, reference) {
      difference += (Double(value) - exact) * (Double(value) - exact)
      norm += exact * exact
    }
    return (difference / norm).squareRoot()
  }
}

extension Matrix where Scalar == Float {
  /// The same values in double precision.
  var widened: Matrix<Double> {
    Matrix<Double>(rows: rows, columns: columns) { Double(elements[$0 * columns + $1]) }
  }
}
