import Eaves

/// Latent attention of one new token over the latents themselves: queries folded in, results folded out by sgemv,
/// keys in tiles through sgemm.
struct LatentAbsorbedTimed: TimedSetting {
  static let family = "mla-absorbed"
  let size: LatentSize
  /// Keys of a tile: those of 512 take 1.2 MB, half as many stay in the second cache for the second product.
  static let tileKeys = 256

  init(_ keys: Int, _ heads: Int) { size = LatentSize(tokens: 1, keys: keys, heads: heads) }
  private init(_ size: LatentSize) { self.size = size }

  var shape: String { size.label }

  var operations: [Operation] {
    get throws(KernelError) {
      try size.operations("absorbed", [.latentAbsorption, .attention, .latentAbsorption])
    }
  }

  /// q plain [H, d_n] and rotary [H, d_r], W [H, d_n + d_v, c], folded q [H, c + r], entries [n, c + r], scores
  /// [H, tile] with two numbers a head, results [H, c], y [H, d_v].
  var floats: [Int] {
    let s = size
    return [
      s.heads * s.plain, s.heads * s.rotary, s.heads * (s.plain + s.value) * s.rank,
      s.heads * s.entry, s.keys * s.entry, s.heads * (Self.tileKeys + 2), s.heads * s.rank,
      s.heads * s.value,
    ]
  }
  var result: (buffer: Int, count: Int) { (7, size.heads * size.value) }

  /// Latents whose keys are about as large as queries.
  func prepare(_ memory: TimedMemory) {
    LaneSoftmax.multiply(memory[2], count: floats[2], by: 2 / Float(size.rank).squareRoot())
  }

  func run(_ memory: TimedMemory) {
    let s = size
    let (queries, scores, results) = (memory[3], memory[5], memory[6])
    let statistics = scores + s.heads * Self.tileKeys
    for head in 0..<s.heads {
      let up = memory[2] + head * (s.plain + s.value) * s.rank
      BLAS.transposedGemv(
        up, rows: s.plain, columns: s.rank, memory[0] + head * s.plain,
        into: queries + head * s.entry)
      (queries + head * s.entry + s.rank).update(
        from: memory[1] + head * s.rotary, count: s.rotary)
      statistics[2 * head] = -.infinity
      statistics[2 * head + 1] = 0
    }
    let scale = 1 / Float(s.width).squareRoot()
    var first = 0
    while first < s.keys {
      let count = min(Self.tileKeys, s.keys - first)
      let entries = BLAS.Part(memory[4] + first * s.entry, s.entry)
      BLAS.gemm(
        m: s.heads, n: count, k: s.entry, .init(queries, s.entry), entries, isTransposed: true,
        into: scores, count)
      for head in 0..<s.heads {
        let factor = LaneSoftmax.tile(
          scores + head * count, count: count, scale: scale, largest: &statistics[2 * head],
          sum: &statistics[2 * head + 1])
        if first > 0, factor != 1 {
          LaneSoftmax.multiply(results + head * s.rank, count: s.rank, by: factor)
        }
      }
      BLAS.gemm(
        m: s.heads, n: s.rank, k: count, .init(scores, count), entries, isTransposed: false,
        into: results, s.rank, beta: first == 0 ? 0 : 1)
      first += count
    }
    for head in 0..<s.heads {
      let down = memory[2] + (head * (s.plain + s.value) + s.plain) * s.rank
      LaneSoftmax.multiply(
        results + head * s.rank, count: s.rank, by: 1 / statistics[2 * head + 1])
      BLAS.gemv(
        down, rows: s.value, columns: s.rank, results + head * s.rank,
        into: memory[7] + head * s.value)
    }
  }

  func define(_ memory: TimedMemory) -> [Double] {
    size.define(entries: memory[4], up: memory[2]) { _, head, column in
      column < size.plain
        ? Double(memory[0][head * size.plain + column])
        : Double(memory[1][head * size.rotary + column - size.plain])
    }
  }

  static let small = [
    Self(LatentSize(tokens: 1, keys: 300, heads: 3, rank: 32, rotary: 16, plain: 16, value: 16))
  ]
  static let grid: [Self] = [
    (128, 16), (512, 16), (1024, 16), (2048, 32), (4096, 16), (4096, 64), (8192, 16), (8192, 128),
    (16_384, 16), (32_768, 16),
  ].map { Self($0.0, $0.1) }
}
