/// In prefill blocks of queries read the blocks of keys whose means score highest, k keys in all: the
/// block-sparse heads of MInference 1.0, section 3.
///
/// Steps shorter than a block, as in decode, are causal and dense. The runs are evenly spread blocks, the
/// queries' own among them, which is read up to the query. Executed pairs count whole blocks.
public struct MInference: Pattern {
  /// Keys that a block of queries reads (k), a multiple of the block.
  public let keys: Int
  /// Tokens of a block (B).
  public let block: Int

  public var name: String { "minference:\(keys):block=\(block)" }

  public var isTrainedIn: Bool { false }

  public var gatherRun: Int? { block }

  /// A choice of `keys` keys in blocks of `block`, whole ones and at least one.
  public init(keys: Int, block: Int) {
    self.block = max(1, block)
    self.keys = max(1, (keys + self.block - 1) / self.block) * self.block
  }

  /// Blocks that a row of blocks reads at most.
  private var blocksRead: Int { keys / block }

  private func chooses(_ step: Step) -> Bool { step.newTokens >= max(2, block) }

  public func acting(in step: Step) -> any Pattern {
    if chooses(step) { return self }
    return Causal()
  }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    let rows = position / block + 1
    let read = min(rows, blocksRead)
    for index in (0..<read).reversed() {
      let start = (rows - 1 - SpreadChoice.place(index, of: read, among: rows)) * block
      body(start..<min(position + 1, start + block), 1)
    }
  }

  /// Causal pairs less the blocks that are not read: Σ q + 1 − B·(⌊q / B⌋ − min(⌊q / B⌋, k / B − 1)).
  public func pairs(_ step: Step) -> Double {
    let causal = Causal().pairs(step)
    guard chooses(step) else { return causal }
    func left(_ count: Int) -> Double {
      PatternArithmetic.quotientSum(count, by: block)
        - PatternArithmetic.quotientSum(count, by: block, limit: blocksRead - 1)
    }
    let cached = step.cachedTokens
    return causal - Double(block) * (left(cached + step.newTokens) - left(cached))
  }

  /// The last token of the last whole block, or of all, reads most.
  public func span(_ step: Step) -> Int {
    let length = step.cachedTokens + step.newTokens
    guard chooses(step) else { return length }
    // A step that chooses is no shorter than a block, so that it holds the end of one.
    return max(min(length / block * block, keys), keys(of: length - 1))
  }

  private func keys(of query: Int) -> Int {
    min(query / block, blocksRead - 1) * block + query % block + 1
  }

  /// The choices of several blocks of queries are taken as disjoint.
  public func cachedKeysRead(_ step: Step) -> Int {
    guard chooses(step) else { return step.cachedTokens }
    let first = step.cachedTokens / block
    let rows = (step.cachedTokens + step.newTokens - 1) / block - first + 1
    return min(first, rows * (blocksRead - 1)) * block + step.cachedTokens - first * block
  }

  /// Whole blocks, whatever the tile of the kernel, or the tiles of the causal pattern.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    guard chooses(step) else {
      return Causal().executedPairs(step, rows: rows, columns: columns)
    }
    let first = step.cachedTokens / block
    let last = (step.cachedTokens + step.newTokens - 1) / block
    func blocks(_ count: Int) -> Double {
      Double(count) + PatternArithmetic.limitedSum(count, limit: blocksRead - 1)
    }
    return (blocks(last + 1) - blocks(first)) * Double(block * block)
  }

  /// 2·H·d_q FLOPs a pair of blocks up to the diagonal, and pooled keys, one a block.
  ///
  /// Pooling adds up new queries and keys. Nothing where all blocks are taken, or none is chosen.
  public func selection(
    _ step: Step, heads: Int, kvHeads: Int, headSize: Int
  ) -> KeySelection? {
    let (cached, length) = (step.cachedTokens, step.cachedTokens + step.newTokens)
    guard chooses(step), length > keys else { return KeySelection() }
    let first = cached / block
    let last = (length - 1) / block
    let scores =
      Double(heads)
      * (PatternArithmetic.triangle(last + 1) - PatternArithmetic.triangle(first))
    let pooled = Double(step.newTokens) * Double((heads + kvHeads) * headSize)
    return KeySelection(
      multiplyAdds: Double(headSize) * scores, vector: pooled + scores,
      indexElementsRead: Double((cached + block - 1) / block) * Double(kvHeads * headSize),
      indexElementsPerToken: Double(kvHeads * headSize) / Double(block))
  }
}

extension PatternEntry {
  /// Blocks by their means.
  static let mInference = PatternEntry(
    "minference:KEYS:block=TOKENS", example: "minference:4096:block=64",
    summary:
      "In prefill blocks of queries read the blocks of keys whose means score highest, k keys.",
    equation:
      "P = Σ min(⌊q / B⌋, k / B − 1)·B + q mod B + 1; choosing: 2·H·d_q FLOPs a pair of blocks",
    conditions: [
      "Only steps of a block of tokens and more choose: decode is dense.",
      "Blocks at least as large as a tile of the matrix unit.",
    ],
    source: "Jiang et al. 2024, MInference 1.0, section 3 (block-sparse heads)"
  ) { text in
    guard let keys = text.count(), let block = text.count("block"), keys.isMultiple(of: block)
    else { return nil }
    return MInference(keys: keys, block: block)
  }
}
