/// Every token reads itself and all tokens before it.
public struct Causal: Pattern {
  public var name: String { "causal" }

  public var isTrainedIn: Bool { false }

  /// The full causal pattern.
  public init() {}

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    body(0..<position + 1, 1)
  }

  /// S·n + S(S+1)/2 (docs/method.md 1).
  public func pairs(_ step: Step) -> Double {
    Double(step.newTokens) * Double(step.cachedTokens) + PatternArithmetic.triangle(step.newTokens)
  }

  public func span(_ step: Step) -> Int { step.cachedTokens + step.newTokens }

  public func cachedKeysRead(_ step: Step) -> Int { step.cachedTokens }

  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    PatternTiles.causal(step, rows: rows, columns: columns) * Double(rows * columns)
  }
}

extension PatternEntry {
  /// Every token reads all before it.
  static let causal = PatternEntry(
    "causal", example: "causal",
    summary: "Every token reads itself and all tokens before it.",
    equation: "P = S·n + S(S+1)/2",
    source: "Vaswani et al. 2017, Attention Is All You Need, 3.2.3"
  ) { _ in Causal() }
}
