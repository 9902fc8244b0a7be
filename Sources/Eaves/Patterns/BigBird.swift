/// Blocks of queries read a window of blocks, random blocks, and the first and last blocks, which read
/// everything themselves (BigBird, section 2 and appendix D).
///
/// The random blocks are the same in every run: they depend on the row of blocks and on the length alone.
/// Sequences too short for that many distinct blocks are read in full. Executed pairs count whole blocks,
/// also at the ragged end of a sequence.
public struct BigBird: Pattern {
  /// Tokens of a block (B).
  public let block: Int
  /// Random blocks of a row (r).
  public let random: Int
  /// Blocks of the window on each side of a row's own.
  private let sides: Int
  /// Global blocks at each end.
  private let ends: Int

  /// Blocks of the window, the row's own included (odd).
  public var window: Int { 2 * sides + 1 }
  /// Global blocks, half at each end (even).
  public var globalBlocks: Int { 2 * ends }

  public var name: String {
    "bigbird:\(block):window=\(window):random=\(random):global=\(globalBlocks)"
  }

  public var isCausal: Bool { false }

  public var gatherRun: Int? { block }

  /// Blocks of `block` tokens: `window` of them around a row's own, `random` others and `globalBlocks` at the
  /// ends.
  public init(_ block: Int, window: Int = 3, random: Int = 3, globalBlocks: Int = 2) {
    self.block = max(1, block)
    self.random = max(1, random)
    sides = max(0, (window - 1) / 2)
    ends = max(1, globalBlocks / 2)
  }

  /// Up to (5 + 2r)·B tokens, with 3 window and 2 global blocks, everything is read.
  private func readsAll(_ length: Int) -> Bool {
    length <= (window + globalBlocks + 2 * random) * block
  }

  private func blocks(_ length: Int) -> Int { (length + block - 1) / block }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    let (row, all) = (position / block, blocks(length))
    if readsAll(length) || row < ends || row >= all - ends {
      body(0..<length, 1)
      return
    }
    let near = max(ends, row - sides)...min(all - ends - 1, row + sides)
    let chosen = randomBlocks(row, of: all, besides: near)
    body(0..<ends * block, 1)
    for other in chosen where other < near.lowerBound { body(tokens(other...other), 1) }
    body(tokens(near), 1)
    for other in chosen where other > near.upperBound { body(tokens(other...other), 1) }
    body((all - ends) * block..<length, 1)
  }

  private func tokens(_ blocks: ClosedRange<Int>) -> Range<Int> {
    blocks.lowerBound * block..<(blocks.upperBound + 1) * block
  }

  /// Blocks that are neither global nor near, in order (Floyd's sampling).
  private func randomBlocks(_ row: Int, of all: Int, besides near: ClosedRange<Int>) -> [Int] {
    let others = all - 2 * ends - near.count
    var chosen: [Int] = []
    for last in others - random..<others {
      let place = Int(Self.mix(row, all, last) % UInt64(last + 1))
      chosen.append(chosen.contains(place) ? last : place)
    }
    return chosen.sorted().map { place in
      ends + place < near.lowerBound ? ends + place : ends + place + near.count
    }
  }

  /// A number that depends on all three and looks like chance (the finaliser of SplitMix64).
  private static func mix(_ row: Int, _ all: Int, _ index: Int) -> UInt64 {
    var bits: UInt64 = 0
    for value in [row, all, index] {
      bits = (bits ^ UInt64(value)) &+ 0x9E37_79B9_7F4A_7C15
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      bits ^= bits >> 31
    }
    return bits
  }

  /// Whole rows of global blocks, and in others global, random and near blocks; random and near ones are
  /// never the ragged last block.
  public func pairs(_ step: Step) -> Double {
    let length = step.cachedTokens + step.newTokens
    if readsAll(length) { return Bidirectional().pairs(step) }
    let all = blocks(length)
    let start = max(step.cachedTokens, ends * block)
    let others = max(0, (all - ends) * block - start)
    let far = (ends + random + 1) * block + length - (all - ends) * block
    return Double(step.newTokens - others) * Double(length) + Double(others) * Double(far)
      + Double(block) * neighbours(from: start, queries: others, rows: all - 2 * ends)
  }

  /// The blocks on both sides of their own that `queries` queries read, up to the last row that is not
  /// global; `rows` are all of these.
  private func neighbours(from start: Int, queries: Int, rows: Int) -> Double {
    guard queries > 0 else { return 0 }
    let first = start / block - ends
    let inFirst = block - start % block
    return Double(inFirst) * Double(min(first, sides) + min(rows - 1 - first, sides))
      + Double(block) * LocalWindow.band(rows - 1 - first, of: rows, halfWidth: sides)
      - Double(block) * Double(rows - 1 - first)
  }

  /// The last token is in a global block.
  public func span(_ step: Step) -> Int { step.cachedTokens + step.newTokens }

  /// The last token is in a global block.
  public func cachedKeysRead(_ step: Step) -> Int { step.cachedTokens }

  /// Whole blocks, whatever the tile of the kernel: kernels for blocks take them as tiles.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    let length = step.cachedTokens + step.newTokens
    if readsAll(length) {
      return Bidirectional().executedPairs(step, rows: rows, columns: columns)
    }
    let all = blocks(length)
    let first = step.cachedTokens / block
    let start = max(first, ends)
    let others = max(0, all - ends - start)
    let far = Double(others * (globalBlocks + random + 1))
    let near = neighbours(from: start * block, queries: others, rows: all - 2 * ends)
    let blocks = Double((all - first - others) * all) + far + near / Double(block)
    return blocks * Double(block * block)
  }
}

extension PatternEntry {
  /// Window, random and global blocks.
  static let bigBird = PatternEntry(
    "bigbird:TOKENS[:window=BLOCKS:random=BLOCKS:global=BLOCKS]",
    example: "bigbird:64:window=3:random=3:global=2",
    summary: "Blocks of queries read near, random and global blocks; global ones read everything.",
    equation: "P ≈ S·B·(window + random + global), and 2·S·B for rows of global blocks",
    conditions: [
      bidirectionalOnly, trainedIn,
      "Up to (window + global + 2·random)·B tokens it is full attention.",
      "Random blocks defeat prefetching: each is one more row of memory to open.",
    ],
    source: "Zaheer et al. 2020, BigBird, section 2 and appendix D"
  ) { text in
    guard let block = text.count(), let window = text.count("window", or: 3),
      let random = text.count("random", or: 3), let ends = text.count("global", or: 2),
      !window.isMultiple(of: 2), ends.isMultiple(of: 2)
    else { return nil }
    return BigBird(block, window: window, random: random, globalBlocks: ends)
  }
}
