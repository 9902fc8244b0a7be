import Eaves

/// Attention whose scores and probabilities are written: sgemm for all heads, softmax of all rows, sgemm.
struct AttentionMaterialisedTimed: TimedSetting {
  static let family = "attention-materialised"
  let pass: AttentionPass

  init(_ tokens: Int, _ heads: Int, _ width: Int) {
    pass = AttentionPass(tokens: tokens, heads: heads, width: width)
  }

  var shape: String { pass.label }
  var operations: [Operation] {
    get throws(KernelError) {
      try pass.setting().operations(.materialised, .scores, .softmax, .weightedSum)
    }
  }

  /// q, k, v, the result, scores and probabilities [H, n, n].
  var floats: [Int] {
    let scores = pass.heads * pass.tokens * pass.tokens
    return [pass.elements, pass.elements, pass.elements, pass.elements, scores, scores]
  }
  var result: (buffer: Int, count: Int) { (3, pass.elements) }

  func run(_ memory: TimedMemory) {
    let (n, d, columns) = (pass.tokens, pass.width, pass.columns)
    for head in 0..<pass.heads {
      BLAS.gemm(
        m: n, n: n, k: d, .init(memory[0] + head * d, columns),
        .init(memory[1] + head * d, columns), isTransposed: true, into: memory[4] + head * n * n, n)
    }
    for row in 0..<pass.heads * n {
      LaneSoftmax.row(memory[4] + row * n, into: memory[5] + row * n, count: n, scale: pass.scale)
    }
    for head in 0..<pass.heads {
      BLAS.gemm(
        m: n, n: d, k: n, .init(memory[5] + head * n * n, n),
        .init(memory[2] + head * d, columns), isTransposed: false, into: memory[3] + head * d,
        columns)
    }
  }

  func define(_ memory: TimedMemory) -> [Double] { pass.define(memory) }

  static let small = [Self(40, 2, 16), Self(33, 1, 24)]
  static let grid: [Self] = [
    (128, 4, 64), (128, 8, 128), (256, 2, 64), (256, 4, 128), (384, 4, 64), (512, 1, 128),
    (512, 4, 64), (768, 2, 128), (1024, 1, 64), (1024, 2, 128), (1536, 1, 64), (2048, 1, 128),
  ].map { Self($0.0, $0.1, $0.2) }
}
