import Eaves

/// Attention of one new token through the BLAS: sgemv for a head of its own, sgemm for heads that share keys.
struct AttentionDecodeBLASTimed: TimedSetting {
  static let family = "attention-decode-blas"
  let size: DecodeSize

  var shape: String { size.label }
  var operations: [Operation] { get throws(KernelError) { try size.operations } }
  var floats: [Int] {
    let row = size.heads * size.width
    return [row, size.elements, size.elements, row, size.group * size.keys]
  }
  var result: (buffer: Int, count: Int) { (3, size.heads * size.width) }

  func run(_ memory: TimedMemory) {
    let (n, d, group) = (size.keys, size.width, size.group)
    let scores = memory[4]
    for head in 0..<size.kvHeads {
      let (keys, values) = (memory[1] + head * n * d, memory[2] + head * n * d)
      let (query, output) = (memory[0] + head * group * d, memory[3] + head * group * d)
      if group == 1 {
        BLAS.gemv(keys, rows: n, columns: d, query, into: scores)
      } else {
        BLAS.gemm(
          m: group, n: n, k: d, .init(query, d), .init(keys, d), isTransposed: true, into: scores,
          n)
      }
      for row in 0..<group {
        LaneSoftmax.row(
          scores + row * n, into: scores + row * n, count: n, scale: size.scale)
      }
      if group == 1 {
        BLAS.transposedGemv(values, rows: n, columns: d, scores, into: output)
      } else {
        BLAS.gemm(
          m: group, n: d, k: n, .init(scores, n), .init(values, d), isTransposed: false,
          into: output, d)
      }
    }
  }

  func define(_ memory: TimedMemory) -> [Double] { size.define(memory) }

  static let small = DecodeSize.small.map(Self.init)
  static let grid: [Self] =
    [128, 512, 8192, 32_768].flatMap { keys in
      [8, 2, 1].map { Self(size: DecodeSize(keys, 8, $0, 128)) }
    }
}
