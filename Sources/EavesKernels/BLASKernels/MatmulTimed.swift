import Eaves

/// Products of activations and weights: x [m, k] × w [n, k] to y [m, n], by sgemm; one row by sgemv.
struct MatmulTimed: TimedSetting {
  static let family = "matmul"
  let m: Int
  let n: Int
  let k: Int

  var shape: String { "\(m)x\(n)x\(k)" }

  var operations: [Operation] {
    get throws(KernelError) { try .product(m: m, n: n, k: k) }
  }

  var floats: [Int] { [m * k, n * k, m * n] }
  var result: (buffer: Int, count: Int) { (2, m * n) }

  func run(_ memory: TimedMemory) {
    if m == 1 {
      BLAS.gemv(memory[1], rows: n, columns: k, memory[0], into: memory[2])
    } else {
      BLAS.gemm(
        m: m, n: n, k: k, .init(memory[0], k), .init(memory[1], k), isTransposed: true,
        into: memory[2], n)
    }
  }

  func define(_ memory: TimedMemory) -> [Double] {
    (0..<m * n).map { place in
      Definition.dot(memory[0] + place / n * k, memory[1] + place % n * k, k)
    }
  }

  static let small = [(1, 7, 12), (5, 7, 12), (33, 40, 50)].map { Self(m: $0.0, n: $0.1, k: $0.2) }

  /// Squares, and projections of 1 to 1,024 rows.
  static let grid: [Self] =
    [64, 96, 128, 192, 256, 384, 512, 768, 1024].map { Self(m: $0, n: $0, k: $0) }
    + [(768, 768), (2048, 2048), (1024, 4096), (4096, 1024)].flatMap { n, k in
      (n == 1024 ? [1, 256] : [1, 4, 16, 64, 256, 1024]).filter { $0 * n * k <= 1 << 30 }.map {
        Self(m: $0, n: n, k: k)
      }
    }
}

extension [Operation] {
  /// The product of m rows with a matrix of a feed-forward part, whose format llama.cpp keeps as it is.
  static func product(
    m: Int, n: Int, k: Int, weights: String? = nil
  ) throws(KernelError) -> [Operation] {
    var model = TinyModel(
      hidden: k, feedForward: Block.FeedForward(size: n, isGated: false, activation: .relu))
    model.weights = weights
    return try model.operations(.prefill(m), .gateUp)
  }
}
