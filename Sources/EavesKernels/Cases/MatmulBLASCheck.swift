import Eaves

extension KernelCheck {
  /// Shapes of the library's products.
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
    let exact = Matrix<Double>(rows: m, columns: n) { row, column in
      var sum = 0.0
      for inner in 0..<k {
        sum += Double(x.elements[row * k + inner]) * Double(w.elements[column * k + inner])
      }
      return sum
    }
    return KernelCheck(
      family: "matmul-blas", shape: "\(m)×\(n)×\(k)",
      error: relativeError(of: y.elements.map(Double.init), against: exact.elements),
      tolerance: 1e-5)
  }
}
