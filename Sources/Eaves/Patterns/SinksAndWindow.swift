/// Every token reads the first s tokens and the last w, itself included (StreamingLLM, section 3.2).
public struct SinksAndWindow: Pattern {
  /// First tokens that all read (s).
  public let sinks: Int
  /// Last tokens that a token reads, itself included (w).
  public let window: Int

  public var name: String { "sinks:\(sinks)+\(window)" }

  public var isTrainedIn: Bool { false }

  /// A causal pattern of `sinks` first and `window` last tokens, at least one of each.
  public init(sinks: Int, window: Int) {
    self.sinks = max(1, sinks)
    self.window = max(1, window)
  }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    let start = position + 1 - window
    if start <= sinks {
      body(0..<position + 1, 1)
    } else {
      body(0..<sinks, 1)
      body(start..<position + 1, 1)
    }
  }

  /// As many keys as in a window of both together.
  private var both: SlidingWindow { SlidingWindow(sinks + window) }

  /// Σ min(n + i, s + w) over i = 1…S (docs/method.md 1).
  public func pairs(_ step: Step) -> Double { both.pairs(step) }

  public func span(_ step: Step) -> Int { both.span(step) }

  public func cachedKeysRead(_ step: Step) -> Int { both.cachedKeysRead(step) }

  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    PatternTiles.executedPairs(step, rows: rows, columns: columns) { first, last in
      PatternTiles.of(
        0...min(sinks - 1, last), and: max(0, first - window + 1)...last, columns: columns)
    }
  }
}

extension PatternEntry {
  /// First tokens and a window.
  static let sinks = PatternEntry(
    "sinks:TOKENS+TOKENS", example: "sinks:4+1020",
    summary: "Every token reads the first s tokens and the last w.",
    equation: "P = Σ min(n + i, s + w)",
    conditions: [
      "Positions are counted inside the cache: keys are kept before rotation and rotated every step.",
      "Nothing between sinks and window can be recalled: it is no longer context.",
    ],
    source: "Xiao et al. 2023, StreamingLLM, section 3.2"
  ) { text in
    text.counts(joinedBy: "+").map { SinksAndWindow(sinks: $0.first, window: $0.second) }
  }
}
