/// Every token reads every token.
public struct Bidirectional: Pattern {
  public let name = "bidirectional"

  public var isCausal: Bool { false }

  public var isTrainedIn: Bool { false }

  /// The full pattern of an encoder.
  public init() {}

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    body(0..<length, 1)
  }

  /// S·(n + S) (docs/method.md 1).
  public func pairs(_ step: Step) -> Double {
    Double(step.newTokens) * Double(step.cachedTokens + step.newTokens)
  }

  public func span(_ step: Step) -> Int { step.cachedTokens + step.newTokens }

  public func cachedKeysRead(_ step: Step) -> Int { step.cachedTokens }

  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    let blocks = (step.newTokens + rows - 1) / rows
    let keys = (step.cachedTokens + step.newTokens + columns - 1) / columns
    return Double(blocks * rows) * Double(keys * columns)
  }
}

extension PatternEntry {
  /// Every token reads all.
  static let bidirectional = PatternEntry(
    "bidirectional", example: "bidirectional",
    summary: "Every token reads every token, as in encoders.",
    equation: "P = S(n + S)", conditions: [bidirectionalOnly],
    source: "Devlin et al. 2018, BERT, section 3"
  ) { _ in Bidirectional() }
}
