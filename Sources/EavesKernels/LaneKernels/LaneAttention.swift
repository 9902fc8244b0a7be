/// Attention of one new token in one pass over keys and values.
///
/// Keys are read in blocks, with an online softmax between them (FlashAttention-2, algorithm 1, with a query block of
/// the heads that share a KV head). Sums are blocked over queries and keys, so that an element that comes from memory
/// is used for several queries while it is in a register.
enum LaneAttention {
  /// Keys of a block: each change from keys to values and back stops the prefetcher, and the scores of eight queries
  /// have to fit half of the nearest cache.
  static let blockKeys = 512

  #if EAVES_REGISTERS_32 || arch(arm64)
    /// Queries whose sums with four keys stay in registers: sixteen sums need 32 registers.
    static let queriesAtOnce = 4
  #else
    /// Queries whose sums with four keys stay in registers: eight sums fit 16 registers.
    static let queriesAtOnce = 2
  #endif

  /// What one KV head reads and writes.
  struct Head {
    /// [queries, width], [keys, width], [keys, valueWidth].
    let query: UnsafePointer<Float>
    let keys: UnsafePointer<Float>
    let values: UnsafePointer<Float>
    /// [queries, valueWidth], overwritten.
    let output: UnsafeMutablePointer<Float>
    /// [queries, blockKeys] of scratch, and two numbers a query.
    let scores: UnsafeMutablePointer<Float>
    let statistics: UnsafeMutablePointer<Float>
    /// Query heads that share the keys: 1, 2, or a multiple of 4.
    let queries: Int
    let count: Int
    /// Multiples of the lanes.
    let width: Int
    let valueWidth: Int
    let scale: Float
  }

  /// softmax(scale·q·Kᵀ)·V for the queries of one KV head.
  @inline(never)
  static func decode(_ head: Head) {
    let (width, valueWidth) = (head.width, head.valueWidth)
    for query in 0..<head.queries {
      head.statistics[2 * query] = -.infinity
      head.statistics[2 * query + 1] = 0
      for index in 0..<valueWidth { head.output[query * valueWidth + index] = 0 }
    }
    let quarter = head.count / 4
    var first = 0
    while first < quarter {
      let rows = min(blockKeys / 4, quarter - first)
      score(head, head.keys + first * width, rows: rows, apart: quarter * width)
      normalise(head, keys: 4 * rows)
      add(head, head.values + first * valueWidth, rows: rows, apart: quarter * valueWidth)
      first += rows
    }
    finish(head, from: 4 * quarter)
    for query in 0..<head.queries {
      LaneSoftmax.multiply(
        head.output + query * valueWidth, count: valueWidth,
        by: 1 / head.statistics[2 * query + 1])
    }
  }

  /// Scores of a block to weights; what was summed up before is scaled to the same largest score.
  @inline(__always)
  private static func normalise(_ head: Head, keys: Int) {
    for query in 0..<head.queries {
      let factor = LaneSoftmax.tile(
        head.scores + query * blockKeys, count: keys, scale: head.scale,
        largest: &head.statistics[2 * query], sum: &head.statistics[2 * query + 1])
      guard factor != 1 else { continue }
      LaneSoftmax.multiply(
        head.output + query * head.valueWidth, count: head.valueWidth, by: factor)
    }
  }

  /// The last keys, fewer than four.
  @inline(__always)
  private static func finish(_ head: Head, from first: Int) {
    let (width, valueWidth) = (head.width, head.valueWidth)
    guard first < head.count else { return }
    for query in 0..<head.queries {
      for key in first..<head.count {
        var sum = Lanes()
        for index in stride(from: 0, to: width, by: Lanes.width) {
          sum += Lanes(head.query + query * width + index) * Lanes(head.keys + key * width + index)
        }
        head.scores[query * blockKeys + key - first] = sum.total
      }
    }
    normalise(head, keys: head.count - first)
    for query in 0..<head.queries {
      let o = head.output + query * valueWidth
      for key in first..<head.count {
        let weight = head.scores[query * blockKeys + key - first]
        for index in stride(from: 0, to: valueWidth, by: Lanes.width) {
          let value = Lanes(head.values + key * valueWidth + index)
          (Lanes(o + index) + value * weight).store(o + index)
        }
      }
    }
  }
}
