/// Every token reads the k keys that a small indexer of its own scores highest: DeepSeek Sparse Attention
/// (DeepSeek-V3.2-Exp, section 1).
///
/// The runs are k evenly spread keys, the token's own among them. All heads of a token read the same keys,
/// so that a tile holds the heads of one query and gathered keys.
public struct LightningIndexed: Pattern {
  /// Keys that a token reads (k).
  public let keys: Int
  /// Heads of the indexer.
  public let indexHeads: Int
  /// Width of an indexer's head, and of the one key that it keeps a token.
  public let indexSize: Int

  public var name: String {
    var name = "dsa:\(keys)"
    if indexHeads != Self.publishedHeads { name += ":heads=\(indexHeads)" }
    if indexSize != Self.publishedSize { name += ":dims=\(indexSize)" }
    return name
  }

  public var gatherRun: Int? { 1 }

  /// As in DeepSeek-V3.2: index_n_heads and index_head_dim of its configuration.
  static let publishedHeads = 64
  static let publishedSize = 128

  /// A causal choice of `keys` keys by `indexHeads` heads of width `indexSize`, each at least one.
  public init(_ keys: Int, indexHeads: Int = 64, indexSize: Int = 128) {
    self.keys = max(1, keys)
    self.indexHeads = max(1, indexHeads)
    self.indexSize = max(1, indexSize)
  }

  private var choice: TopK { TopK(keys) }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    choice.forEachRun(at: position, of: length, body)
  }

  /// Σ min(n + i, k) over i = 1…S (docs/method.md 1).
  public func pairs(_ step: Step) -> Double { choice.pairs(step) }

  public func span(_ step: Step) -> Int { choice.span(step) }

  /// The choices of several new tokens are taken as disjoint.
  public func cachedKeysRead(_ step: Step) -> Int { choice.cachedKeysRead(step) }

  /// The keys of each query, gathered, in whole tiles of `columns`.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    SpreadChoice.gatheredPairs(step, keys: keys, columns: columns)
  }

  /// 2·heads·dims FLOPs in FP8 a pair of the causal pattern; ReLU, weight and sum a head, a compare a pair;
  /// one FP8 key of the indexer a token with a 4-byte scale.
  public func selection(
    _ step: Step, heads: Int, kvHeads: Int, headSize: Int
  ) -> KeySelection? {
    let pairs = Causal().pairs(step)
    return KeySelection(
      multiplyAdds: Double(indexHeads * indexSize) * pairs, precision: .f8,
      vector: Double(3 * indexHeads + 1) * pairs,
      indexElementsRead: Double(step.cachedTokens) * Double(indexSize),
      indexBytesPerElement: Double(indexSize + 4) / Double(indexSize),
      indexElementsPerToken: Double(indexSize))
  }
}

extension PatternEntry {
  /// Keys chosen by an indexer.
  static let dsa = PatternEntry(
    "dsa:KEYS[:heads=HEADS:dims=WIDTH]", example: "dsa:2048",
    summary: "Every token reads the k keys that a lightning indexer in FP8 scores highest.",
    equation: "P = Σ min(n + i, k); choosing: 2·64·128 FLOPs a pair of the causal pattern",
    conditions: [
      trainedIn, "Choosing stays quadratic in the context, with a small constant.",
      "Gathers of single keys: a key's row of the cache must fill a memory line.",
      "The projections of the indexer are not counted.",
    ],
    source: "DeepSeek-AI 2025, DeepSeek-V3.2-Exp, section 1"
  ) { text in
    guard let keys = text.count(),
      let heads = text.count("heads", or: LightningIndexed.publishedHeads),
      let size = text.count("dims", or: LightningIndexed.publishedSize)
    else { return nil }
    return LightningIndexed(keys, indexHeads: heads, indexSize: size)
  }
}
