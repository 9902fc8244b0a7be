/// Queries of a block read whole blocks of keys, a given share of them (FlashAttention, section 3.3).
///
/// Which blocks is the same in every run and balanced: of m blocks among all, block row j reads itself and
/// those at m even distances after it, cyclically, so that every block of keys is read by m rows too.
/// Executed pairs count whole blocks, also at the ragged end of a sequence.
public struct BlockSparse: Pattern {
  /// Tokens of a block (B).
  public let block: Int
  /// The share of blocks that is read.
  public let density: Double

  public var name: String { "block-sparse:\(block):density=\(density)" }

  public var isCausal: Bool { false }

  public var gatherRun: Int? { density < 1 ? block : nil }

  /// Blocks of `block` tokens, at least one, of which the share `density` is read, above 0 and up to 1.
  public init(_ block: Int, density: Double) {
    self.block = max(1, block)
    self.density = min(1, max(density, .leastNormalMagnitude))
  }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    let all = blocks(length)
    let read = blocksRead(length)
    func emit(_ block: Int) {
      body(block * self.block..<min(length, (block + 1) * self.block), 1)
    }
    let row = position / block
    // Those that wrap around come first in the sequence.
    let ahead = SpreadChoice.count(below: all - row, of: read, among: all)
    for index in ahead..<read { emit(row + SpreadChoice.place(index, of: read, among: all) - all) }
    for index in 0..<ahead { emit(row + SpreadChoice.place(index, of: read, among: all)) }
  }

  private func blocks(_ length: Int) -> Int { (length + block - 1) / block }

  /// ⌈D·blocks⌉, at least one; a product that is whole in decimals is not rounded up.
  private func blocksRead(_ length: Int) -> Int {
    let all = blocks(length)
    return min(all, max(1, Int((density * Double(all) - 1e-9).rounded(.up))))
  }

  /// B² times the blocks read, less what the last, ragged block lacks of keys (docs/method.md 1).
  public func pairs(_ step: Step) -> Double {
    let length = step.cachedTokens + step.newTokens
    let all = blocks(length)
    let read = blocksRead(length)
    let ragged = all * block - length
    // Rows that read the last block: with all queries, but the first (cached ones) and the last (ragged).
    let first = step.cachedTokens / block
    let rows = SpreadChoice.count(below: all - first, of: read, among: all)
    var queries = rows * block - ragged
    if SpreadChoice.isPlace(all - 1 - first, of: read, among: all) {
      queries -= step.cachedTokens - first * block
    }
    return Double(step.newTokens) * Double(read * block) - Double(queries) * Double(ragged)
  }

  /// A row that does not read the ragged block reads most.
  public func span(_ step: Step) -> Int {
    let length = step.cachedTokens + step.newTokens
    let all = blocks(length)
    let read = blocksRead(length)
    let rows = all - step.cachedTokens / block
    let allReadLast = SpreadChoice.count(below: rows, of: read, among: all) == rows
    return read * block - (allReadLast ? all * block - length : 0)
  }

  /// Whole earlier blocks that some row reads, and the cached part of the first new token's own.
  public func cachedKeysRead(_ step: Step) -> Int {
    let length = step.cachedTokens + step.newTokens
    let all = blocks(length)
    let read = blocksRead(length)
    let first = step.cachedTokens / block
    // Distances between the blocks of a row; a distance beyond the rows of the step leaves some out.
    let (distance, longer) = (all / read, all % read)
    let rows = all - first
    let leftOut =
      longer * max(0, distance + 1 - rows) + (read - longer) * max(0, distance - rows)
    return (first - leftOut) * block + step.cachedTokens - first * block
  }

  /// Whole blocks, whatever the tile of the kernel: kernels for blocks take them as tiles.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    let length = step.cachedTokens + step.newTokens
    let blockRows = blocks(length) - step.cachedTokens / block
    return Double(blockRows * blocksRead(length)) * Double(block * block)
  }
}

extension PatternEntry {
  /// A share of all blocks.
  static let blockSparse = PatternEntry(
    "block-sparse:TOKENS:density=SHARE", example: "block-sparse:64:density=0.25",
    summary: "Queries of a block of B tokens read a share D of all blocks of keys.",
    equation: "P = B²·⌈D·N⌉·N, with N = ⌈S / B⌉ blocks",
    conditions: [
      bidirectionalOnly, trainedIn,
      "Blocks at least as large as a tile of the matrix unit, and as many in every row.",
    ],
    source: "Dao et al. 2022, FlashAttention, section 3.3 and Proposition 4"
  ) { text in
    guard let block = text.count(), let density = text.share("density") else { return nil }
    return BlockSparse(block, density: density)
  }
}
