import Eaves

/// Linear attention with elu(x) + 1: chunks through sgemm, or one token on lanes (Katharopoulos and others 2020).
struct LinearAttentionTimed: TimedSetting {
  static let family = "linear-attention"
  let tokens: Int
  let heads: Int
  let width: Int
  /// Tokens of a chunk.
  static let chunk = 64

  init(_ tokens: Int, _ heads: Int, _ width: Int) {
    self.tokens = tokens
    self.heads = heads
    self.width = width
  }

  var shape: String { "S\(tokens) H\(heads) d\(width)" }

  var operations: [Operation] {
    get throws(KernelError) {
      try TinyModel(
        hidden: 16, mixer: "linear_attention",
        ["heads": heads, "head_size": width, "chunk": Self.chunk]
      ).operations(
        Step(newTokens: tokens, cachedTokens: 1, logitTokens: 1, batch: 1), .mixerInner, .scan)
    }
  }

  /// Elements of the state of a head: [d, d], then [d].
  private var state: Int { width * (width + 1) }

  /// q and k [S, 2·H·d], v [S, H·d], features [S, 2·H·d], states before and after, y [S, H·d], scores of a chunk.
  var floats: [Int] {
    let row = heads * width
    let scores = tokens > 1 ? [Self.chunk * Self.chunk] : []
    return [
      tokens * 2 * row, tokens * row, tokens * 2 * row, heads * state, heads * state, tokens * row,
    ] + scores
  }
  var result: (buffer: Int, count: Int) { (5, tokens * heads * width) }

  /// A state that earlier positive features could have left.
  func prepare(_ memory: TimedMemory) {
    for head in 0..<heads {
      let sums = memory[3] + head * state + width * width
      for index in 0..<width { sums[index] = 1 + abs(sums[index]) }
    }
  }

  func run(_ memory: TimedMemory) {
    let row = heads * width
    LaneGates.elu(memory[0], into: memory[2], count: tokens * 2 * row)
    for head in 0..<heads {
      let (q, k) = (memory[2] + head * width, memory[2] + row + head * width)
      let (v, output) = (memory[1] + head * width, memory[5] + head * width)
      let (before, after) = (memory[3] + head * state, memory[4] + head * state)
      if tokens == 1 {
        LaneState.token(q, k, v, before, into: after, output, features: width, width: width)
        continue
      }
      after.update(from: before, count: state)
      var first = 0
      while first < tokens {
        let count = min(Self.chunk, tokens - first)
        runChunk(
          count, q + first * 2 * row, k + first * 2 * row, v + first * row, after,
          into: output + first * row, scores: memory[6])
        first += count
      }
    }
  }

  /// What the state before the chunk gives, the pairs inside it, and the state after it.
  @inline(__always)
  private func runChunk(
    _ count: Int, _ q: UnsafeMutablePointer<Float>, _ k: UnsafeMutablePointer<Float>,
    _ v: UnsafeMutablePointer<Float>, _ memory: UnsafeMutablePointer<Float>,
    into output: UnsafeMutablePointer<Float>, scores: UnsafeMutablePointer<Float>
  ) {
    let (row, d) = (heads * width, width)
    BLAS.gemm(
      m: count, n: count, k: d, .init(q, 2 * row), .init(k, 2 * row), isTransposed: true,
      into: scores, count)
    for token in 0..<count {
      (scores + token * count + token + 1).update(repeating: 0, count: count - token - 1)
    }
    BLAS.gemm(
      m: count, n: d, k: d, .init(q, 2 * row), .init(memory, d), isTransposed: false,
      into: output, row)
    BLAS.gemm(
      m: count, n: d, k: count, .init(scores, count), .init(v, row), isTransposed: false,
      into: output, row, beta: 1)
    for token in 0..<count {
      let weight = LaneState.normaliser(
        q + token * 2 * row, k + token * 2 * row, sums: memory + d * d, features: d)
      LaneSoftmax.multiply(output + token * row, count: d, by: 1 / weight)
    }
    BLAS.gemm(
      m: d, n: d, k: count, .init(k, 2 * row), isLeftTransposed: true, .init(v, row),
      isTransposed: false, into: memory, d, beta: 1)
  }

  /// The sum over all earlier tokens and over what the state holds.
  func define(_ memory: TimedMemory) -> [Double] {
    let row = heads * width
    func feature(_ token: Int, _ column: Int) -> Double {
      let x = Double(memory[0][token * 2 * row + column])
      return x > 0 ? x + 1 : Definition.exp(x)
    }
    return (0..<tokens * row).map { place in
      let (token, head, j) = (place / row, place % row / width, place % width)
      let before = memory[3] + head * state
      let query = (0..<width).map { feature(token, head * width + $0) }
      var (sum, weight) = (0.0, 0.0)
      for other in 0...token {
        let score = (0..<width).reduce(0) {
          $0 + query[$1] * feature(other, row + head * width + $1)
        }
        sum += score * Double(memory[1][other * row + head * width + j])
        weight += score
      }
      for i in 0..<width {
        sum += query[i] * Double(before[i * width + j])
        weight += query[i] * Double(before[width * width + i])
      }
      return sum / weight
    }
  }

  static let small = [Self(1, 2, 16), Self(80, 2, 16)]
  static let grid: [Self] = [
    (1, 4, 64), (1, 16, 64), (1, 8, 128), (1, 32, 128), (1, 64, 128), (128, 4, 64), (1024, 4, 64),
    (1024, 8, 128), (2048, 8, 64), (2048, 4, 128),
  ].map { Self($0.0, $0.1, $0.2) }
}
