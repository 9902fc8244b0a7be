/// Every token reads itself and the w − 1 tokens before it (Mistral 7B, section 2).
public struct SlidingWindow: Pattern {
  /// Tokens that a token sees, itself included (w).
  public let window: Int

  public var name: String { "window:\(window)" }

  public var reach: Int? { window }

  /// A causal window of `window` tokens, at least one.
  public init(_ window: Int) { self.window = max(1, window) }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    body(max(0, position + 1 - window)..<position + 1, 1)
  }

  /// Σ min(n + i, w) over i = 1…S, in closed form (docs/method.md 1).
  public func pairs(_ step: Step) -> Double {
    let (new, cached) = (step.newTokens, step.cachedTokens)
    if cached + new <= window { return Causal().pairs(step) }
    if cached >= window { return Double(new) * Double(window) }
    let growing = window - cached
    return Double(growing) * Double(cached) + PatternArithmetic.triangle(growing)
      + Double(new - growing) * Double(window)
  }

  public func span(_ step: Step) -> Int { min(step.cachedTokens + step.newTokens, window) }

  public func cachedKeysRead(_ step: Step) -> Int { min(step.cachedTokens, window - 1) }

  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    PatternTiles.window(step, window: window, rows: rows, columns: columns)
      * Double(rows * columns)
  }
}

extension PatternEntry {
  /// The last w tokens.
  static let window = PatternEntry(
    "window:TOKENS", example: "window:4096",
    summary: "Every token reads the last w tokens, itself included.",
    equation: "P = Σ min(n + i, w)",
    conditions: [trainedIn, "A window below the rows of a tile executes mostly masked pairs."],
    source: "Jiang et al. 2023, Mistral 7B, section 2"
  ) { text in text.count().map(SlidingWindow.init) }
}
