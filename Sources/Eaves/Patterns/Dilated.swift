/// Every token reads itself and the keys at 1, 2 … w − 1 times a gap before it.
public struct Dilated: Pattern {
  /// Keys that a token reads, itself included (w).
  public let keys: Int
  /// The distance between two of them (g).
  public let gap: Int

  public var name: String { "dilated:\(keys):gap=\(gap)" }

  public var reach: Int? { (keys - 1) * gap + 1 }

  public var gatherRun: Int? { gap == 1 ? nil : 1 }

  /// A causal pattern of `keys` keys at distance `gap`, both at least one.
  public init(keys: Int, gap: Int) {
    self.keys = max(1, keys)
    self.gap = max(1, gap)
  }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    let before = min(keys - 1, position / gap)
    body(position - before * gap..<position + 1, gap)
  }

  /// Σ min(⌊(n + i − 1) / g⌋ + 1, w) over i = 1…S, in closed form (docs/method.md 1).
  public func pairs(_ step: Step) -> Double {
    Double(step.newTokens) + keysBefore(step.newTokens, from: step.cachedTokens)
  }

  /// The keys before themselves that `queries` queries read from position `start` on.
  private func keysBefore(_ queries: Int, from start: Int) -> Double {
    PatternArithmetic.quotientSum(start + queries, by: gap, limit: keys - 1)
      - PatternArithmetic.quotientSum(start, by: gap, limit: keys - 1)
  }

  public func span(_ step: Step) -> Int {
    min((step.cachedTokens + step.newTokens - 1) / gap + 1, keys)
  }

  /// The first g new tokens stand on different lattices; later ones read less of the same.
  public func cachedKeysRead(_ step: Step) -> Int {
    Int(keysBefore(min(step.newTokens, gap), from: step.cachedTokens))
  }

  /// Tiles from the first key to the last, and only those that hold one where the gap skips tiles.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    PatternTiles.executedPairs(step, rows: rows, columns: columns) { first, last in
      let before = min(keys - 1, last / gap)
      guard gap - (last - first) > columns else {
        return PatternTiles.of(max(0, first - before * gap)...last, columns: columns)
      }
      return PatternTiles.ofDisjointCopies(
        first...last, gap: gap, copies: before + 1, columns: columns)
    }
  }
}

extension PatternEntry {
  /// Keys at a distance.
  static let dilated = PatternEntry(
    "dilated:KEYS:gap=TOKENS", example: "dilated:512:gap=4",
    summary: "Every token reads w keys at distance g, itself included.",
    equation: "P = Σ min(⌊(n + i − 1) / g⌋ + 1, w)",
    conditions: [
      trainedIn,
      "A key's row of the cache must fill a memory line, or the rest of the line is lost.",
    ],
    source: "Beltagy et al. 2020, Longformer, section 3.1 (dilated window), in causal form"
  ) { text in
    guard let keys = text.count(), let gap = text.count("gap") else { return nil }
    return Dilated(keys: keys, gap: gap)
  }
}
