/// Every token reads the k keys of the highest exact scores among those up to itself.
///
/// The best case of dynamic sparsity and no method of its own: all scores are computed to choose. The runs
/// are k evenly spread keys, the token's own among them.
public struct TopK: Pattern {
  /// Keys that a token reads (k).
  public let keys: Int

  public var name: String { "topk:\(keys)" }

  public var isTrainedIn: Bool { false }

  public var gatherRun: Int? { 1 }

  /// A causal choice of `keys` keys, at least one.
  public init(_ keys: Int) { self.keys = max(1, keys) }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    SpreadChoice.forEachRun(backFrom: position, keys: keys, run: 1, body)
  }

  /// Σ min(n + i, k) over i = 1…S (docs/method.md 1).
  public func pairs(_ step: Step) -> Double { SlidingWindow(keys).pairs(step) }

  public func span(_ step: Step) -> Int { min(step.cachedTokens + step.newTokens, keys) }

  /// The choices of several new tokens are taken as disjoint.
  public func cachedKeysRead(_ step: Step) -> Int { SpreadChoice.cachedKeysRead(step, keys: keys) }

  /// As many tiles as the choices of a block of rows can touch.
  ///
  /// All of the causal ones, unless fewer keys are chosen. Exact for the runs where the k keys of the context
  /// lie at most a tile apart, else above them.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    PatternTiles.executedPairs(step, rows: rows, columns: columns) { first, last in
      min(last / columns + 1, (last - first + 1) * min(last + 1, keys))
    }
  }

  /// 2·H·d_q FLOPs a pair of the causal pattern, and every cached key read; nothing where all keys are taken.
  public func selection(
    _ step: Step, heads: Int, kvHeads: Int, headSize: Int
  ) -> KeySelection? {
    guard step.cachedTokens + step.newTokens > keys else { return KeySelection() }
    let scores = Double(heads) * Causal().pairs(step)
    return KeySelection(
      multiplyAdds: Double(headSize) * scores, vector: scores,
      indexElementsRead: Double(step.cachedTokens) * Double(kvHeads * headSize))
  }
}

extension PatternEntry {
  /// The exact best keys.
  static let topK = PatternEntry(
    "topk:KEYS", example: "topk:2048",
    summary: "Every token reads the k keys of the highest scores, found by scoring all of them.",
    equation: "P = Σ min(n + i, k); choosing: 2·H·d_q FLOPs a pair of the causal pattern",
    conditions: [
      "Gathers of single keys: a key's row of the cache must fill a memory line.",
      "In prefill a tile of queries chooses keys of every tile, so that it is slower than dense.",
    ],
    source: "Gupta et al. 2021, Memory-efficient Transformers via Top-k Attention, section 2"
  ) { text in text.count().map(TopK.init) }
}
