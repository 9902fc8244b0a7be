/// A window on both sides, and first tokens that read all and that all read (Longformer, section 3.1).
public struct Longformer: Pattern {
  /// Tokens that a token sees on each side (h, half of the window).
  public let halfWidth: Int
  /// Global tokens, the first of the sequence (g).
  public let globalTokens: Int

  public var name: String { "longformer:\(2 * halfWidth):global=\(globalTokens)" }

  public var isCausal: Bool { false }

  /// A window of `window` tokens, half on each side, and `globalTokens` global ones, at least one.
  public init(window: Int, globalTokens: Int) {
    halfWidth = max(1, window / 2)
    self.globalTokens = max(1, globalTokens)
  }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    if position < globalTokens {
      body(0..<length, 1)
      return
    }
    body(0..<globalTokens, 1)
    body(max(globalTokens, position - halfWidth)..<min(length, position + halfWidth + 1), 1)
  }

  /// 2gn − g² + band(n − g, h) for an encoder of n tokens (docs/method.md 1): whole rows of global queries,
  /// global columns of the others, and the window among the others.
  public func pairs(_ step: Step) -> Double {
    let length = step.cachedTokens + step.newTokens
    let global = min(globalTokens, length)
    let others = length - max(step.cachedTokens, global)
    return Double(step.newTokens - others) * Double(length) + Double(others) * Double(global)
      + LocalWindow.band(others, of: length - global, halfWidth: halfWidth)
  }

  public func span(_ step: Step) -> Int {
    let length = step.cachedTokens + step.newTokens
    if step.cachedTokens < globalTokens { return length }
    return globalTokens
      + LocalWindow.widest(step.newTokens, of: length - globalTokens, halfWidth: halfWidth)
  }

  public func cachedKeysRead(_ step: Step) -> Int {
    min(step.cachedTokens, globalTokens + halfWidth)
  }

  /// Every tile for blocks of rows with a global query, else global tiles and those of the window.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    let last = step.cachedTokens + step.newTokens - 1
    return PatternTiles.executedPairs(step, rows: rows, columns: columns) { top, bottom in
      if top < globalTokens { return PatternTiles.of(0...last, columns: columns) }
      return PatternTiles.of(
        0...globalTokens - 1,
        and: max(globalTokens, top - halfWidth)...min(last, bottom + halfWidth), columns: columns)
    }
  }
}

extension PatternEntry {
  /// A window and global tokens.
  static let longformer = PatternEntry(
    "longformer:TOKENS[:global=TOKENS]", example: "longformer:512:global=1",
    summary:
      "A window of w tokens, half on each side; the first g tokens read all and all read them.",
    equation: "P = 2gS − g² + band(S − g, w/2), with band(m, h) = m(2h + 1) − h(h + 1)",
    conditions: [
      bidirectionalOnly, trainedIn,
      "Global tokens have projections of their own, 3d² more weights a layer, which are not counted.",
    ],
    source: "Beltagy et al. 2020, Longformer, section 3.1"
  ) { text in
    guard let window = text.count(), window.isMultiple(of: 2),
      let globalTokens = text.count("global", or: 1)
    else { return nil }
    return Longformer(window: window, globalTokens: globalTokens)
  }
}
