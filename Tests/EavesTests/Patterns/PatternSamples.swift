import Eaves
import Testing

/// A pattern, and the rule that it stands for in one line.
struct PatternSample: Sendable, CustomTestStringConvertible {
  /// What counts as executed.
  enum Tiling: Sendable {
    /// Tiles of the kernel, from the first new token on.
    case kernel
    /// Whole blocks of the pattern, from the first token on.
    case blocks(Int)
  }

  let pattern: any Pattern
  var tiling = Tiling.kernel
  /// Whether the query at a position reads a key, of so many positions.
  let reads: @Sendable (_ query: Int, _ key: Int, _ length: Int) -> Bool
  var testDescription: String { pattern.name }

  /// The keys that each new token reads, by the rule.
  func keys(_ step: Step) -> [[Int]] {
    let length = step.cachedTokens + step.newTokens
    return (step.cachedTokens..<length).map { query in
      (0..<length).filter { reads(query, $0, length) }
    }
  }

  /// The pairs of all tiles that hold a pair, by the rule.
  func executed(_ keys: [[Int]], _ step: Step, rows: Int, columns: Int) -> Double {
    var tiles = Set<[Int]>()
    var (start, rows, columns) = (0, rows, columns)
    if case .blocks(let side) = tiling {
      (start, rows, columns) = (step.cachedTokens, side, side)
    }
    for (row, keys) in keys.enumerated() {
      for key in keys { tiles.insert([(start + row) / rows, key / columns]) }
    }
    return Double(tiles.count * rows * columns)
  }

  /// Every step up to 12 new tokens after up to 14 cached ones, and some longer ones.
  static let steps =
    (0...14).flatMap { cached in (1...12).map { step($0, cached) } }
    + [(40, 0), (1, 39), (17, 23), (5, 37), (64, 0), (33, 31), (2, 61)].map { step($0.0, $0.1) }

  private static func step(_ new: Int, _ cached: Int) -> Step {
    Step(newTokens: new, cachedTokens: cached, logitTokens: 1, batch: 1)
  }

  /// Patterns whose rule says which keys are read.
  static let all: [PatternSample] = [
    full, [1, 2, 3, 5, 8, 13, 100].map(window), [1, 2, 3, 5, 8, 13, 100].map(local),
    dilatedSizes.map(dilated), [1, 2, 3, 4, 5, 7, 11, 16, 50].map(strided), fixedSizes.map(fixed),
    longformerSizes.map(longformer), sinkSizes.map(sinks), blockSparseSizes.map(blockSparse),
  ].flatMap { $0 }

  private static let full = [
    PatternSample(pattern: Causal()) { query, key, _ in key <= query },
    PatternSample(pattern: Bidirectional()) { _, key, length in key < length },
  ]
  private static let dilatedSizes: [(Int, Int)] = [
    (1, 1), (1, 5), (3, 1), (2, 2), (3, 4), (4, 3), (5, 7), (2, 11), (40, 2), (3, 30),
  ]
  private static let fixedSizes: [(Int, Int)] = [
    (1, 1), (2, 1), (3, 1), (5, 1), (8, 1), (16, 1), (4, 2), (5, 4), (6, 6), (11, 3), (50, 2),
  ]
  private static let longformerSizes: [(Int, Int)] = [
    (2, 1), (2, 3), (4, 2), (6, 5), (10, 1), (20, 17), (60, 2),
  ]
  private static let sinkSizes: [(Int, Int)] = [
    (1, 1), (1, 5), (2, 3), (4, 4), (3, 1), (9, 2), (4, 40),
  ]
  private static let blockSparseSizes: [(Int, Double)] = [
    (1, 0.5), (2, 0.1), (2, 0.4), (3, 0.34), (3, 0.75), (4, 1), (5, 0.2), (5, 0.6), (7, 0.01),
    (50, 0.3),
  ]

  static func window(_ size: Int) -> PatternSample {
    PatternSample(pattern: SlidingWindow(size)) { query, key, _ in
      key <= query && query - key < size
    }
  }

  static func local(_ side: Int) -> PatternSample {
    PatternSample(pattern: LocalWindow(side)) { query, key, _ in abs(query - key) <= side }
  }

  static func dilated(_ keys: Int, _ gap: Int) -> PatternSample {
    PatternSample(pattern: Dilated(keys: keys, gap: gap)) { query, key, _ in
      key <= query && (query - key).isMultiple(of: gap) && (query - key) / gap < keys
    }
  }

  static func strided(_ stride: Int) -> PatternSample {
    PatternSample(pattern: Strided(stride)) { query, key, _ in
      key <= query && (query - key < stride || (query - key).isMultiple(of: stride))
    }
  }

  static func fixed(_ block: Int, _ columns: Int) -> PatternSample {
    PatternSample(pattern: FixedBlocks(block, columns: columns)) { query, key, _ in
      key <= query && (query / block == key / block || key % block >= block - columns)
    }
  }

  static func longformer(_ window: Int, _ global: Int) -> PatternSample {
    PatternSample(pattern: Longformer(window: window, globalTokens: global)) { query, key, _ in
      abs(query - key) <= window / 2 || key < global || query < global
    }
  }

  static func sinks(_ sinks: Int, _ window: Int) -> PatternSample {
    PatternSample(pattern: SinksAndWindow(sinks: sinks, window: window)) { query, key, _ in
      key <= query && (key < sinks || query - key < window)
    }
  }

  static func blockSparse(_ block: Int, _ density: Double) -> PatternSample {
    PatternSample(pattern: BlockSparse(block, density: density), tiling: .blocks(block)) {
      query, key, length in
      let all = (length + block - 1) / block
      let read = max(1, Int((density * Double(all) - 1e-9).rounded(.up)))
      let ahead = (key / block - query / block + all) % all
      return (0..<read).contains { $0 * all / read == ahead }
    }
  }
}
