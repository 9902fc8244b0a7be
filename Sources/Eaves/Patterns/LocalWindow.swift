/// Every token reads itself and h tokens on each side (Longformer, section 3.1, without global tokens).
public struct LocalWindow: Pattern {
  /// Tokens that a token sees on each side (h).
  public let halfWidth: Int

  public var name: String { "local:\(halfWidth)" }

  public var isCausal: Bool { false }

  public var reach: Int? { halfWidth + 1 }

  /// A bidirectional window of `halfWidth` tokens on each side, at least one.
  public init(_ halfWidth: Int) { self.halfWidth = max(1, halfWidth) }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    body(max(0, position - halfWidth)..<min(length, position + halfWidth + 1), 1)
  }

  /// n(2h + 1) − h(h + 1) for an encoder of n tokens, h ≤ n − 1 (docs/method.md 1): what lies before and
  /// what lies behind, each cut at an end.
  public func pairs(_ step: Step) -> Double {
    Self.band(step.newTokens, of: step.cachedTokens + step.newTokens, halfWidth: halfWidth)
  }

  /// The pairs of the last `queries` of `length` tokens.
  static func band(_ queries: Int, of length: Int, halfWidth: Int) -> Double {
    Double(queries) + PatternArithmetic.limitedSum(length, limit: halfWidth)
      - PatternArithmetic.limitedSum(length - queries, limit: halfWidth)
      + PatternArithmetic.limitedSum(queries, limit: halfWidth)
  }

  /// Furthest from both ends most is read.
  public func span(_ step: Step) -> Int {
    Self.widest(step.newTokens, of: step.cachedTokens + step.newTokens, halfWidth: halfWidth)
  }

  /// The most keys that one of the last `queries` of `length` tokens reads.
  static func widest(_ queries: Int, of length: Int, halfWidth: Int) -> Int {
    let query = max(length - queries, min(halfWidth, length - 1 - halfWidth))
    return 1 + min(query, halfWidth) + min(length - 1 - query, halfWidth)
  }

  public func cachedKeysRead(_ step: Step) -> Int { min(step.cachedTokens, halfWidth) }

  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    let last = step.cachedTokens + step.newTokens - 1
    return PatternTiles.executedPairs(step, rows: rows, columns: columns) { top, bottom in
      PatternTiles.of(max(0, top - halfWidth)...min(last, bottom + halfWidth), columns: columns)
    }
  }
}

extension PatternEntry {
  /// A window on both sides.
  static let local = PatternEntry(
    "local:TOKENS", example: "local:256",
    summary: "Every token reads itself and h tokens on each side.",
    equation: "P = S(2h + 1) − h(h + 1), with h at most S − 1",
    conditions: [bidirectionalOnly, trainedIn],
    source: "Beltagy et al. 2020, Longformer, section 3.1 (sliding window)"
  ) { text in text.count().map(LocalWindow.init) }
}
