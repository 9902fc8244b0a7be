/// In decode a token reads the pages of the highest possible scores, k keys in all (Quest, section 3).
///
/// A page's bound comes from the least and the greatest key of each channel. A step of one new token chooses;
/// longer ones, prefill and verification, are causal and dense. The runs are evenly spread pages, counted
/// back from the new token, which is in the last.
public struct Quest: Pattern {
  /// Keys that a token reads in decode (k), a multiple of the page.
  public let keys: Int
  /// Keys of a page (P).
  public let page: Int

  public var name: String { "quest:\(keys):page=\(page)" }

  public var isTrainedIn: Bool { false }

  public var gatherRun: Int? { page }

  /// A choice of `keys` keys in pages of `page`, whole ones and at least one.
  public init(keys: Int, page: Int) {
    self.page = max(1, page)
    self.keys = max(1, (keys + self.page - 1) / self.page) * self.page
  }

  public func acting(in step: Step) -> any Pattern {
    if step.newTokens == 1 { return self }
    return Causal()
  }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    SpreadChoice.forEachRun(backFrom: position, keys: keys, run: page, body)
  }

  /// min(n + 1, k) in decode, else as the causal pattern (docs/method.md 1).
  public func pairs(_ step: Step) -> Double {
    step.newTokens == 1 ? Double(span(step)) : Causal().pairs(step)
  }

  public func span(_ step: Step) -> Int {
    let length = step.cachedTokens + step.newTokens
    return step.newTokens == 1 ? min(length, keys) : length
  }

  public func cachedKeysRead(_ step: Step) -> Int {
    step.newTokens == 1 ? span(step) - 1 : step.cachedTokens
  }

  /// The gathered keys in whole tiles, or the tiles of the causal pattern.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    step.newTokens == 1
      ? SpreadChoice.gatheredPairs(step, keys: keys, columns: columns)
      : Causal().executedPairs(step, rows: rows, columns: columns)
  }

  /// 2·H·d_q FLOPs a page, twice for least and greatest.
  ///
  /// Two keys a page are kept and read; new keys are compared into both. Nothing is scored where all keys are
  /// taken.
  public func selection(
    _ step: Step, heads: Int, kvHeads: Int, headSize: Int
  ) -> KeySelection? {
    let width = Double(kvHeads * headSize)
    var selection = KeySelection(
      vector: 2 * Double(step.newTokens) * width, indexElementsPerToken: 2 * width / Double(page))
    guard step.newTokens == 1, step.cachedTokens >= keys else { return selection }
    let pages = Double((step.cachedTokens + page - 1) / page)
    selection.multiplyAdds = 2 * Double(heads * headSize) * pages
    selection.vector += Double(heads) * pages
    selection.indexElementsRead = 2 * width * pages
    return selection
  }
}

extension PatternEntry {
  /// Pages by their bounds.
  static let quest = PatternEntry(
    "quest:KEYS:page=TOKENS", example: "quest:2048:page=16",
    summary:
      "In decode a token reads the pages whose least and greatest keys promise most, k keys.",
    equation: "P = min(n + 1, k); choosing: 2·2·H·d_q·(n / P) FLOPs a query",
    conditions: [
      "Only steps of one new token choose: prefill is dense.",
      "A page of the cache must fill a burst of the memory.",
    ],
    source: "Tang et al. 2024, Quest, section 3"
  ) { text in
    guard let keys = text.count(), let page = text.count("page"), keys.isMultiple(of: page) else {
      return nil
    }
    return Quest(keys: keys, page: page)
  }
}
