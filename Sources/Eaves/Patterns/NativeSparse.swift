/// Three branches with keys and values of their own: compressed keys, one a stride; chosen blocks; and a
/// window (Native Sparse Attention, section 3.3).
///
/// The runs are those of the branches one after another, so that a key may come in more than one: for
/// a compressed key the last of its stride, for the choice evenly spread blocks, counted back from the
/// token. Blocks are scored by the compressed branch, whose scores are part of the pairs.
public struct NativeSparse: Pattern {
  /// Tokens between two compressed keys.
  public let stride: Int
  /// Blocks that a token chooses (k).
  public let selected: Int
  /// Tokens of a block (B).
  public let block: Int
  /// Tokens of the window, itself included (w).
  public let window: Int

  public var name: String { "nsa:stride=\(stride):select=\(selected)x\(block):window=\(window)" }

  public var gatherRun: Int? { block }

  /// Compressed keys at `stride`, `selected` blocks of `block` tokens, and a window, each at least one.
  public init(stride: Int = 16, selected: Int = 16, block: Int = 64, window: Int = 512) {
    self.stride = max(1, stride)
    self.selected = max(1, selected)
    self.block = max(1, block)
    self.window = max(1, window)
  }

  private var choice: TopK { TopK(selected * block) }
  private var local: SlidingWindow { SlidingWindow(window) }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    if position + 1 >= stride { body(stride - 1..<position + 1, stride) }
    SpreadChoice.forEachRun(backFrom: position, keys: choice.keys, run: block, body)
    local.forEachRun(at: position, of: length, body)
  }

  /// Σ ⌊(n + i) / stride⌋ + min(n + i, k·B) + min(n + i, w) over i = 1…S (docs/method.md 1).
  public func pairs(_ step: Step) -> Double {
    compressedPairs(step) + choice.pairs(step) + local.pairs(step)
  }

  private func compressedPairs(_ step: Step) -> Double {
    PatternArithmetic.quotientSum(step.cachedTokens + step.newTokens + 1, by: stride)
      - PatternArithmetic.quotientSum(step.cachedTokens + 1, by: stride)
  }

  public func span(_ step: Step) -> Int {
    (step.cachedTokens + step.newTokens) / stride + choice.span(step) + local.span(step)
  }

  /// Each branch reads keys of its own.
  ///
  /// The choices of several new tokens are taken as disjoint.
  public func cachedKeysRead(_ step: Step) -> Int {
    step.cachedTokens / stride + choice.cachedKeysRead(step) + local.cachedKeysRead(step)
  }

  /// Tiles of compressed keys and of the window; of the choice whole blocks, gathered for each query.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    let compressed = PatternTiles.executedPairs(step, rows: rows, columns: columns) { _, last in
      ((last + 1) / stride + columns - 1) / columns
    }
    return compressed + SpreadChoice.gatheredPairs(step, keys: choice.keys, columns: block)
      + local.executedPairs(step, rows: rows, columns: columns)
  }

  /// Scores of compressed keys are added up into scores of blocks and compared, one operation each; the
  /// compressed keys and values are kept beside the others (values as wide as keys) and read as cached keys.
  public func selection(
    _ step: Step, heads: Int, kvHeads: Int, headSize: Int
  ) -> KeySelection? {
    KeySelection(
      vector: 2 * Double(heads) * compressedPairs(step),
      indexElementsPerToken: 2 * Double(kvHeads * headSize) / Double(stride))
  }
}

extension PatternEntry {
  /// Compressed, chosen and near keys.
  static let nsa = PatternEntry(
    "nsa[:stride=TOKENS:select=BLOCKSxTOKENS:window=TOKENS]",
    example: "nsa:stride=16:select=16x64:window=512",
    summary:
      "Three branches: one compressed key a stride, k chosen blocks of B tokens, and a window.",
    equation: "P = Σ ⌊(n + i) / stride⌋ + min(n + i, k·B) + min(n + i, w)",
    conditions: [
      trainedIn, "A block of the cache must fill a burst of the memory.",
      "Query heads that share keys choose the same blocks.",
    ],
    source: "Yuan et al. 2025, Native Sparse Attention, section 3.3"
  ) { text in
    guard let stride = text.count("stride", or: 16),
      let select = text.counts("select", joinedBy: "x", or: (16, 64)),
      let window = text.count("window", or: 512)
    else { return nil }
    return NativeSparse(
      stride: stride, selected: select.first, block: select.second, window: window)
  }
}
