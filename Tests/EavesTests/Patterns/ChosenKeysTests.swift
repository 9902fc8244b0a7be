import Eaves
import Testing

/// Patterns whose keys the data choose: their runs are one admissible choice, and counts are those of the runs.
@Suite struct ChosenKeysTests {
  /// A pattern, how many keys a query reads at most, and what counts as executed.
  struct Sample: Sendable, CustomTestStringConvertible {
    let pattern: any Pattern
    /// Keys that the query at a position reads in a step.
    let count: @Sendable (_ query: Int, _ step: Step) -> Int
    /// Executed pairs of a step in tiles; `nil` where these are an upper bound.
    let executed: (@Sendable (_ step: Step, _ rows: Int, _ columns: Int) -> Double)?
    var testDescription: String { pattern.name }
  }

  static let samples: [Sample] = [
    [1, 2, 3, 5, 8, 30].map(topK), [1, 2, 3, 5, 8, 30].map(dsa),
    [(1, 1), (4, 2), (6, 3), (5, 5), (40, 4), (3, 1)].map { quest($0.0, $0.1) },
    [(1, 1), (4, 2), (6, 3), (5, 5), (40, 4), (3, 1), (8, 4)].map { mInference($0.0, $0.1) },
  ].flatMap { $0 }

  private static func topK(_ keys: Int) -> Sample {
    Sample(
      pattern: TopK(keys), count: { query, _ in min(query + 1, keys) }, executed: nil)
  }

  private static func dsa(_ keys: Int) -> Sample {
    Sample(
      pattern: LightningIndexed(keys), count: { query, _ in min(query + 1, keys) },
      executed: { step, _, columns in
        gathered(step, columns) { min($0 + 1, keys) }
      })
  }

  private static func quest(_ keys: Int, _ page: Int) -> Sample {
    Sample(
      pattern: Quest(keys: keys, page: page),
      count: { query, step in step.newTokens == 1 ? min(query + 1, keys) : query + 1 },
      executed: { step, rows, columns in
        step.newTokens == 1
          ? gathered(step, columns) { min($0 + 1, keys) }
          : Causal().countedExecutedPairs(step, rows: rows, columns: columns)
      })
  }

  private static func mInference(_ keys: Int, _ block: Int) -> Sample {
    @Sendable func isDense(_ step: Step) -> Bool { step.newTokens < block || step.newTokens == 1 }
    return Sample(
      pattern: MInference(keys: keys, block: block),
      count: { query, step in
        let read = isDense(step) ? query / block : min(query / block, keys / block - 1)
        return read * block + query % block + 1
      },
      executed: { step, rows, columns in
        if isDense(step) {
          return Causal().countedExecutedPairs(step, rows: rows, columns: columns)
        }
        let last = (step.cachedTokens + step.newTokens - 1) / block
        let blocks = (step.cachedTokens / block...last).map { min($0 + 1, keys / block) }
        return Double(blocks.reduce(0, +) * block * block)
      })
  }

  private static func gathered(
    _ step: Step, _ columns: Int, _ count: (Int) -> Int
  ) -> Double {
    let queries = step.cachedTokens..<step.cachedTokens + step.newTokens
    return Double(queries.map { (count($0) + columns - 1) / columns * columns }.reduce(0, +))
  }

  @Test(arguments: samples)
  func theRunsAreOneChoice(sample: Sample) {
    for step in PatternSample.steps {
      let acting = sample.pattern.acting(in: step)
      for query in step.cachedTokens..<step.cachedTokens + step.newTokens {
        let keys = Self.keys(acting, query, step)
        #expect(keys == Set(keys).sorted())
        #expect(keys.first.map { $0 >= 0 } == true)
        #expect(keys.last == query)
        #expect(keys.count == sample.count(query, step), "query \(query), \(step)")
      }
    }
  }

  @Test(arguments: samples)
  func countsAreThoseOfTheChoice(sample: Sample) {
    let pattern = sample.pattern
    for step in PatternSample.steps {
      let acting = pattern.acting(in: step)
      let rows = (step.cachedTokens..<step.cachedTokens + step.newTokens).map {
        Self.keys(acting, $0, step)
      }
      #expect(pattern.pairs(step) == pattern.countedPairs(step), "\(step)")
      #expect(pattern.pairs(step) == Double(rows.map(\.count).reduce(0, +)), "\(step)")
      #expect(pattern.span(step) == rows.map(\.count).max(), "\(step)")
      let cached = Set(rows.joined().filter { $0 < step.cachedTokens }).count
      #expect(pattern.cachedKeysRead(step) >= cached, "\(step)")
      #expect(pattern.cachedKeysRead(step) <= step.cachedTokens, "\(step)")
      if step.newTokens == 1 { #expect(pattern.cachedKeysRead(step) == cached, "\(step)") }
      for (tileRows, columns) in [(1, 1), (2, 3), (3, 2), (4, 4), (5, 1), (16, 8)] {
        let executed = pattern.executedPairs(step, rows: tileRows, columns: columns)
        #expect(executed >= pattern.pairs(step))
        guard let wanted = sample.executed?(step, tileRows, columns) else { continue }
        #expect(executed == wanted, "\(step) \(tileRows)×\(columns)")
      }
    }
  }

  /// Exact where the chosen keys lie at most a tile apart, else between the runs' tiles and the causal ones.
  @Test(arguments: [1, 2, 3, 5, 8, 30])
  func topKExecutesTheTilesThatAnyChoiceTouches(keys: Int) {
    for step in PatternSample.steps {
      for (rows, columns) in [(1, 1), (2, 3), (3, 2), (4, 4), (5, 1), (16, 8)] {
        let executed = TopK(keys).executedPairs(step, rows: rows, columns: columns)
        let counted = TopK(keys).countedExecutedPairs(step, rows: rows, columns: columns)
        #expect(executed >= counted)
        #expect(executed <= Causal().executedPairs(step, rows: rows, columns: columns))
        if step.cachedTokens + step.newTokens <= keys * columns { #expect(executed == counted) }
      }
    }
  }

  /// A choice spreads over the whole context: no two neighbours are further apart than needed.
  @Test func choicesSpread() {
    let keys = Self.keys(TopK(16), 999, .decode(context: 999))
    let gaps = zip(keys, keys.dropFirst()).map { $1 - $0 }
    #expect(gaps.allSatisfy { $0 == 62 || $0 == 63 })
    #expect(keys[0] <= 62)
    let pages = Self.keys(Quest(keys: 64, page: 16), 4095, .decode(context: 4095))
    #expect(pages.count == 64)
    #expect(Set(pages.map { $0 / 16 }).count == 4)
  }

  /// Three branches, each with keys of its own: compressed, chosen, near.
  @Test(arguments: [
    NativeSparse(stride: 2, selected: 2, block: 3, window: 4),
    NativeSparse(stride: 1, selected: 1, block: 1, window: 1),
    NativeSparse(stride: 5, selected: 3, block: 2, window: 50),
    NativeSparse(stride: 4, selected: 9, block: 4, window: 2),
  ])
  func branchesAddUp(pattern: NativeSparse) {
    let choice = pattern.selected * pattern.block
    for step in PatternSample.steps {
      let queries = step.cachedTokens..<step.cachedTokens + step.newTokens
      let rows = queries.map {
        ($0 + 1) / pattern.stride + min($0 + 1, choice) + min($0 + 1, pattern.window)
      }
      #expect(pattern.pairs(step) == Double(rows.reduce(0, +)), "\(step)")
      #expect(pattern.pairs(step) == pattern.countedPairs(step), "\(step)")
      #expect(pattern.span(step) == rows.max())
      let (n, new) = (step.cachedTokens, step.newTokens)
      #expect(
        pattern.cachedKeysRead(step)
          == n / pattern.stride + min(n, new * (choice - 1)) + min(n, pattern.window - 1))
      for (tileRows, columns) in [(1, 1), (2, 3), (4, 4), (16, 8)] {
        var compressed = 0
        for first in stride(from: queries.lowerBound, to: queries.upperBound, by: tileRows) {
          let last = min(first + tileRows, queries.upperBound) - 1
          compressed += ((last + 1) / pattern.stride + columns - 1) / columns
        }
        let window = SlidingWindow(pattern.window)
        let executed =
          Double(compressed * tileRows * columns)
          + Self.gathered(step, pattern.block) { min($0 + 1, choice) }
          + window.countedExecutedPairs(step, rows: tileRows, columns: columns)
        #expect(pattern.executedPairs(step, rows: tileRows, columns: columns) == executed)
        #expect(executed >= pattern.pairs(step))
      }
    }
  }

  /// Decode at 64k reads n / (n/stride + k·B + w) times less (docs/method.md 1).
  @Test func nativeSparseReadsItsBudget() {
    let read = NativeSparse().cachedKeysRead(.decode(context: 65_536))
    #expect(read == 4096 + 1023 + 511)
  }

  private static func keys(_ pattern: any Pattern, _ query: Int, _ step: Step) -> [Int] {
    var keys: [Int] = []
    pattern.forEachRun(at: query, of: step.cachedTokens + step.newTokens) { run, stride in
      keys += Swift.stride(from: run.lowerBound, to: run.upperBound, by: stride)
    }
    return keys
  }
}
