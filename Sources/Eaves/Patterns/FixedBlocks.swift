/// Every token reads its block up to itself, and the last c tokens of each earlier block.
///
/// The fixed pattern of Child et al. 2019, Generating Long Sequences with Sparse Transformers, section 4.3.
public struct FixedBlocks: Pattern {
  /// Tokens of a block (s).
  public let block: Int
  /// Tokens at the end of a block that all later blocks read (c).
  public let columns: Int

  public var name: String { columns == 1 ? "fixed:\(block)" : "fixed:\(block):c=\(columns)" }

  public var gatherRun: Int? { columns == block ? nil : columns }

  /// A causal pattern of blocks of `block` tokens, at least one, of which `columns` stay visible, at least
  /// one and at most all.
  public init(_ block: Int, columns: Int = 1) {
    self.block = max(1, block)
    self.columns = min(max(1, columns), self.block)
  }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    let own = position / block
    if columns == 1, own > 0 {
      body(block - 1..<own * block, block)
    } else {
      for earlier in 0..<own {
        body((earlier + 1) * block - columns..<(earlier + 1) * block, 1)
      }
    }
    body(own * block..<position + 1, 1)
  }

  /// The query at q, from 0, reads q mod s + 1 + c·⌊q / s⌋ keys (docs/method.md 1).
  public func pairs(_ step: Step) -> Double {
    let (cached, length) = (step.cachedTokens, step.cachedTokens + step.newTokens)
    let blocksBefore =
      PatternArithmetic.quotientSum(length, by: block)
      - PatternArithmetic.quotientSum(cached, by: block)
    return Causal().pairs(step) - Double(block - columns) * blocksBefore
  }

  /// The last token of the last whole block, or of all, reads most.
  public func span(_ step: Step) -> Int {
    let last = step.cachedTokens + step.newTokens - 1
    let end = (last + 1) / block * block - 1
    return max(keys(of: last), end >= step.cachedTokens ? keys(of: end) : 0)
  }

  private func keys(of query: Int) -> Int { query % block + 1 + columns * (query / block) }

  public func cachedKeysRead(_ step: Step) -> Int {
    step.cachedTokens % block + columns * (step.cachedTokens / block)
  }

  /// The tiles of the queries' own blocks, and of earlier ones those that hold a visible key.
  public func executedPairs(_ step: Step, rows: Int, columns tile: Int) -> Double {
    PatternTiles.executedPairs(step, rows: rows, columns: tile) { first, last in
      let earlier = first / block
      if earlier == 0 { return PatternTiles.of(0...last, columns: tile) }
      guard block - columns >= tile else {
        return PatternTiles.of(block - columns...last, columns: tile)
      }
      let start = earlier * block
      return PatternTiles.of(start - columns...last, columns: tile)
        + PatternTiles.ofDisjointCopies(
          start - block - columns...start - block - 1, gap: block, copies: earlier - 1,
          columns: tile)
    }
  }
}

extension PatternEntry {
  /// Blocks whose ends stay visible.
  static let fixed = PatternEntry(
    "fixed:TOKENS[:c=TOKENS]", example: "fixed:128:c=8",
    summary: "Every token reads its block so far and the last c tokens of each earlier block.",
    equation: "P = Σ (q mod s) + 1 + c·⌊q / s⌋, with q = n + i − 1",
    conditions: [
      trainedIn, "c keys of the cache must fill a memory line, or the rest of the line is lost.",
    ],
    source: "Child et al. 2019, Sparse Transformers, section 4.3 (fixed)"
  ) { text in
    guard let block = text.count(), let columns = text.count("c", or: 1), columns <= block else {
      return nil
    }
    return FixedBlocks(block, columns: columns)
  }
}
