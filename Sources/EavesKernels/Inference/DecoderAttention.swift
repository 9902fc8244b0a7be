import Eaves

/// Softmax attention of a text that is read token by token, from rows [queries | keys | values].
///
/// Scores of a group of heads are formed by one product a head over all tokens, masked by what a query may read, and
/// summed by another: `AttentionMaterialised` on OpenBLAS. What a cache drops or packs by the time of each query
/// is taken from it then.
struct DecoderAttention {
  let shape: Block.Attention
  let tokens: Int
  let cache: DecoderCache
  let rotary: RotaryPositions
  /// Keys of each query; `nil` where every query reads all before it and itself.
  private let keys: [[Int]]?
  /// Scores, then weights, of the heads of a group: [heads · tokens, tokens].
  private let scores: FloatRows
  /// Of the same, those with packed keys.
  private let others: FloatRows?
  /// Multiply-adds of the products.
  private(set) var multiplyAdds = 0.0

  init(
    _ shape: Block.Attention, tokens: Int, _ cache: DecoderCache, _ rotary: RotaryPositions,
    pattern: (any Pattern)?
  ) {
    self.shape = shape
    self.tokens = tokens
    self.cache = cache
    self.rotary = rotary
    let chosen = pattern ?? shape.window.map { SlidingWindow($0) }
    keys = chosen.map { Visibility($0, .prefill(tokens)).keys }
    scores = FloatRows(shape.heads / shape.kvHeads * tokens, tokens)
    if case .kivi = cache.policy {
      others = FloatRows(scores.rows, tokens)
    } else {
      others = nil
    }
  }

  private var width: Int { shape.headSize }
  private var perGroup: Int { shape.heads / shape.kvHeads }
  private var firstKey: Int { shape.heads * width }
  private var entry: Int { shape.kvHeads * width }

  /// Attends; entries are rounded in place.
  /// - Parameters:
  ///   - rows: [tokens, (H + 2·G)·d_h], turned to their positions.
  ///   - output: [tokens, H·d_h].
  /// - Throws: `KernelError` where entries are no whole blocks of their format.
  mutating func run(_ rows: FloatRows, into output: FloatRows) throws(KernelError) {
    try cache.store(rows, from: firstKey, width: entry)
    var packed: PackedEntries?
    if case .kivi(let bits) = cache.policy {
      packed = try PackedEntries(rows, from: firstKey, width: entry, bits: bits)
    }
    for group in 0..<shape.kvHeads {
      let key = firstKey + group * width
      score(group, rows, rows.part(from: key), into: scores)
      if let packed, let others {
        score(group, rows, packed.rows.part(from: group * width), into: others)
        takePacked(others)
      }
      if case .sinks(let sinks, let window) = cache.policy {
        moveSinks(sinks, window, group, rows, key)
      }
      weigh()
      sum(group, rows.part(from: key + entry), into: output, keeping: 0)
      if let packed, let others {
        // What packed values differ by, times the weights of those that are packed.
        for row in 0..<others.rows { keepPacked(row, others) }
        let difference = FloatRows(tokens, width)
        for token in 0..<tokens {
          for column in 0..<width {
            difference[token][column] =
              packed.rows[token][entry + group * width + column] - rows[token][key + entry + column]
          }
        }
        sum(group, difference.part(), others, into: output, keeping: 1)
      }
    }
  }

  /// Queries of a group times keys, over √d_h.
  private mutating func score(
    _ group: Int, _ rows: FloatRows, _ keys: BLAS.Part, into scores: FloatRows
  ) {
    for head in 0..<perGroup {
      BLAS.gemm(
        m: tokens, n: tokens, k: width, rows.part(from: (group * perGroup + head) * width), keys,
        isTransposed: true, into: scores[head * tokens], tokens,
        alpha: 1 / Float(width).squareRoot())
      multiplyAdds += Double(tokens) * Double(tokens) * Double(width)
    }
  }

  private mutating func sum(
    _ group: Int, _ values: BLAS.Part, _ weights: FloatRows? = nil, into output: FloatRows,
    keeping beta: Float
  ) {
    for head in 0..<perGroup {
      BLAS.gemm(
        m: tokens, n: width, k: tokens, .init((weights ?? scores)[head * tokens], tokens), values,
        isTransposed: false, into: output[0] + (group * perGroup + head) * width, output.columns,
        beta: beta)
      multiplyAdds += Double(tokens) * Double(tokens) * Double(width)
    }
  }

  /// Scores of keys that are packed by the time of a query.
  private func takePacked(_ others: FloatRows) {
    for row in 0..<scores.rows {
      for key in 0..<PackedEntries.count(at: row % tokens) { scores[row][key] = others[row][key] }
    }
  }

  /// Weights of keys that are packed by the time of a query; 0 for the others.
  private func keepPacked(_ row: Int, _ others: FloatRows) {
    let count = PackedEntries.count(at: row % tokens)
    for key in 0..<tokens { others[row][key] = key < count ? scores[row][key] : 0 }
  }

  /// Scores of the first tokens, which stand nearer within the cache than in the text.
  private func moveSinks(_ sinks: Int, _ window: Int, _ group: Int, _ rows: FloatRows, _ key: Int) {
    let query = FloatRows(1, width)
    for token in 0..<tokens where token >= sinks + window {
      for head in 0..<perGroup {
        let start = (group * perGroup + head) * width
        query.set(rows.values(token, start..<start + width), 0, from: 0)
        rotary.turn(query[0], to: sinks + window - 1 - token)
        for sink in 0..<sinks {
          var score: Float = 0
          for column in 0..<width { score += query[0][column] * rows[sink][key + column] }
          scores[head * tokens + token][sink] = score / Float(width).squareRoot()
        }
      }
    }
  }

  /// Scores to weights: the softmax over what each query reads, 0 elsewhere.
  private func weigh() {
    switch cache.policy {
    case .all, .kivi:
      for row in 0..<scores.rows { soften(row, keys?[row % tokens]) }
    case .sinks(let sinks, let window):
      for row in 0..<scores.rows {
        let token = row % tokens
        let read = (keys?[token] ?? Array(0...token)).filter {
          $0 < sinks || $0 > token - window
        }
        soften(row, read)
      }
    case .evicting(let policy): evict(policy)
    }
  }

  /// Reads token by token; what a group of heads drops, none of them finds again.
  private func evict(_ policy: EvictionPolicy) {
    var eviction = Eviction<Double>(policy)
    for token in 0..<tokens {
      let readable = keys.map { Set($0[token]) }
      eviction.take(token) { kept in
        let read = readable.map { keys in kept.filter(keys.contains) } ?? kept
        for head in 0..<perGroup { soften(head * tokens + token, read) }
        return kept.map { key in
          (0..<perGroup).reduce(0) { $0 + Double(scores[$1 * tokens + token][key]) }
            / Double(perGroup)
        }
      }
    }
  }

  /// The softmax of a row over some keys, or over those up to its own.
  private func soften(_ row: Int, _ keys: [Int]?) {
    let start = scores[row]
    guard let keys else {
      let count = row % tokens + 1
      LaneSoftmax.row(start, into: start, count: count)
      (start + count).update(repeating: 0, count: tokens - count)
      return
    }
    let weights = FloatRows(1, max(1, keys.count))
    for (place, key) in keys.enumerated() { weights[0][place] = start[key] }
    if !keys.isEmpty { LaneSoftmax.row(weights[0], into: weights[0], count: keys.count) }
    start.update(repeating: 0, count: tokens)
    for (place, key) in keys.enumerated() { start[key] = weights[0][place] }
  }
}
