import Eaves

/// Latent attention of a text with keys and values written out: one sgemm, then causal tiles.
struct LatentExpandedTimed: TimedSetting {
  static let family = "mla-expanded"
  let size: LatentSize

  init(_ tokens: Int, _ heads: Int) {
    size = LatentSize(tokens: tokens, keys: tokens, heads: heads)
  }
  private init(_ size: LatentSize) { self.size = size }

  var shape: String { size.label }

  var operations: [Operation] {
    get throws(KernelError) { try size.operations("expanded", [.latentExpansion, .attention]) }
  }

  /// q [S, H, d_n + d_r], entries [S, c + r], W [H, d_n + d_v, c], keys and values [S, H, d_n + d_v], y [S, H, d_v],
  /// scratch of a tile.
  var floats: [Int] {
    let s = size
    let made = s.heads * (s.plain + s.value)
    return [
      s.tokens * s.heads * s.width, s.tokens * s.entry, made * s.rank, s.tokens * made,
      s.tokens * s.heads * s.value, AttentionTile.scratch,
    ]
  }
  var result: (buffer: Int, count: Int) { (4, size.tokens * size.heads * size.value) }

  func prepare(_ memory: TimedMemory) {
    LaneSoftmax.multiply(memory[2], count: floats[2], by: 2 / Float(size.rank).squareRoot())
  }

  func run(_ memory: TimedMemory) {
    let s = size
    let (pair, made) = (s.plain + s.value, s.heads * (s.plain + s.value))
    BLAS.gemm(
      m: s.tokens, n: made, k: s.rank, .init(memory[1], s.entry), .init(memory[2], s.rank),
      isTransposed: true, into: memory[3], made)
    for head in 0..<s.heads {
      let query = memory[0] + head * s.width
      let job = AttentionTile.Head(
        query: .init(query, s.heads * s.width), keys: .init(memory[3] + head * pair, made),
        values: .init(memory[3] + head * pair + s.plain, made), output: memory[4] + head * s.value,
        outputStride: s.heads * s.value, width: s.plain, valueWidth: s.value,
        scale: 1 / Float(s.width).squareRoot(),
        more: (
          .init(query + s.plain, s.heads * s.width), .init(memory[1] + s.rank, s.entry), s.rotary
        ))
      var first = 0
      while first < s.tokens {
        let end = min(first + AttentionTile.rows, s.tokens)
        AttentionTile.run(job, queries: first..<end, scratch: memory[5], isMasked: true) {
          (0, $0 + 1)
        }
        first = end
      }
    }
  }

  func define(_ memory: TimedMemory) -> [Double] {
    size.define(entries: memory[1], up: memory[2]) { token, head, column in
      Double(memory[0][(token * size.heads + head) * size.width + column])
    }
  }

  static let small = [
    Self(LatentSize(tokens: 40, keys: 40, heads: 2, rank: 32, rotary: 16, plain: 16, value: 16))
  ]
  static let grid: [Self] = [
    (128, 8), (256, 8), (256, 16), (384, 4), (512, 4), (512, 8), (768, 4), (1024, 2), (1024, 4),
    (1536, 2),
  ].map { Self($0.0, $0.1) }
}
