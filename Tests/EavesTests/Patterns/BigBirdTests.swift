import Eaves
import Testing

/// BigBird: its random blocks by their properties, its counts against its runs.
@Suite struct BigBirdTests {
  static let samples = [
    BigBird(1, window: 1, random: 1), BigBird(2, window: 1, random: 1),
    BigBird(2, window: 3, random: 1), BigBird(3, window: 5, random: 2),
    BigBird(2, window: 3, random: 2, globalBlocks: 4), BigBird(5, window: 1, random: 1),
  ]

  private static let steps =
    (1...60).map { Step.encode($0) }
    + [(1, 59), (7, 40), (30, 31), (12, 50), (2, 33)].map { new, cached in
      Step(newTokens: new, cachedTokens: cached, logitTokens: 0, batch: 1)
    }

  @Test(arguments: samples)
  func countsAreThoseOfTheRuns(pattern: BigBird) {
    for step in Self.steps {
      let rows = Self.keys(pattern, step)
      #expect(pattern.pairs(step) == Double(rows.map(\.count).reduce(0, +)), "\(step)")
      #expect(pattern.span(step) == rows.map(\.count).max())
      let cached = Set(rows.joined().filter { $0 < step.cachedTokens })
      #expect(pattern.cachedKeysRead(step) == cached.count)
    }
  }

  /// Whole blocks; tiles of the kernel where everything is read.
  @Test(arguments: samples)
  func executedPairsAreWholeBlocks(pattern: BigBird) {
    let few = pattern.window + pattern.globalBlocks + 2 * pattern.random
    for step in Self.steps {
      let executed = pattern.executedPairs(step, rows: 4, columns: 8)
      #expect(executed >= pattern.pairs(step))
      if step.cachedTokens + step.newTokens <= few * pattern.block {
        #expect(executed == Bidirectional().executedPairs(step, rows: 4, columns: 8))
        continue
      }
      var blocks = Set<[Int]>()
      for (row, keys) in Self.keys(pattern, step).enumerated() {
        for key in keys {
          blocks.insert([(step.cachedTokens + row) / pattern.block, key / pattern.block])
        }
      }
      #expect(executed == Double(blocks.count * pattern.block * pattern.block), "\(step)")
    }
  }

  /// Window and global blocks by their rule, and as many others as are random, none twice.
  @Test(arguments: samples)
  func aRowReadsNearGlobalAndRandomBlocks(pattern: BigBird) {
    let length = 60 * pattern.block - pattern.block / 2
    let ends = pattern.globalBlocks / 2
    for row in ends..<60 - ends {
      var blocks: [Int] = []
      pattern.forEachRun(at: row * pattern.block, of: length) { run, stride in
        #expect(stride == 1)
        blocks += Set(run.map { $0 / pattern.block }).sorted()
      }
      #expect(blocks == Set(blocks).sorted(), "row \(row)")
      let ruled = (0..<60).filter {
        abs($0 - row) <= pattern.window / 2 || $0 < ends || $0 >= 60 - ends
      }
      #expect(Set(ruled).isSubset(of: blocks))
      #expect(blocks.count == ruled.count + pattern.random, "row \(row)")
    }
  }

  /// Rows choose for themselves, the same in every run.
  @Test func randomBlocksVaryByRow() {
    func blocks(_ row: Int) -> Set<Int> {
      var blocks = Set<Int>()
      BigBird(1, window: 1, random: 3).forEachRun(at: row, of: 1000) { run, _ in
        blocks.formUnion(run)
      }
      return blocks.subtracting([0, row, 999])
    }
    let rows = (1..<999).map(blocks)
    #expect(Set(rows).count > 990)
    #expect(rows == (1..<999).map(blocks))
    // Every block is someone's: chance leaves out one in e³ of 1000.
    #expect(rows.reduce(into: Set()) { $0.formUnion($1) }.count > 900)
  }

  /// 8 blocks of 64 a row; full attention up to 704 tokens (docs/method.md 1).
  @Test func publishedSizes() {
    let pattern = BigBird(64)
    #expect(pattern.pairs(.encode(704)) == 704 * 704)
    #expect(pattern.pairs(.encode(705)) < 705 * 705)
    // 64 blocks: two read all 64, their neighbours 7 and the other 60 read 8.
    #expect(pattern.pairs(.encode(4096)) == Double((2 * 64 + 2 * 7 + 60 * 8) * 64 * 64))
  }

  private static func keys(_ pattern: BigBird, _ step: Step) -> [[Int]] {
    let length = step.cachedTokens + step.newTokens
    return (step.cachedTokens..<length).map { query in
      var keys: [Int] = []
      pattern.forEachRun(at: query, of: length) { run, _ in keys += run }
      return keys
    }
  }
}
