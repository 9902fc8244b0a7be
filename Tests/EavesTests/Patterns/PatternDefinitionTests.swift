import Eaves
import Testing

/// The closed forms of patterns against their definition, key by key.
@Suite struct PatternDefinitionTests {
  /// A pattern, and the rule that it stands for in one line.
  struct Sample: Sendable, CustomTestStringConvertible {
    let pattern: any Pattern
    /// Whether the query at a position reads a key, of so many positions.
    let reads: @Sendable (_ query: Int, _ key: Int, _ length: Int) -> Bool
    var testDescription: String { pattern.name }

    static func window(_ size: Int) -> Sample {
      Sample(pattern: SlidingWindow(size)) { query, key, _ in key <= query && query - key < size }
    }
  }

  static let samples =
    [
      Sample(pattern: Causal()) { query, key, _ in key <= query },
      Sample(pattern: Bidirectional()) { _, key, length in key < length },
    ] + [1, 2, 3, 5, 8, 13].map(Sample.window)

  /// Every step up to 12 new tokens after up to 14 cached ones.
  private static let steps = (0...14).flatMap { cached in
    (1...12).map { Step(newTokens: $0, cachedTokens: cached, logitTokens: 1, batch: 1) }
  }

  @Test(arguments: samples)
  func theRunsAreTheKeysThatTheRuleNames(sample: Sample) {
    for length in 1...24 {
      for query in 0..<length {
        var keys: [Int] = []
        sample.pattern.forEachRun(at: query, of: length) { run, stride in
          keys += Swift.stride(from: run.lowerBound, to: run.upperBound, by: stride)
        }
        let wanted = (0..<length).filter { sample.reads(query, $0, length) }
        #expect(keys == wanted, "query \(query) of \(length)")
      }
    }
  }

  @Test(arguments: samples)
  func pairsSpanAndCachedKeysAreCounts(sample: Sample) {
    for step in Self.steps {
      let rows = Self.keys(of: sample, step)
      let pairs = rows.map(\.count).reduce(0, +)
      #expect(sample.pattern.pairs(step) == Double(pairs), "\(step)")
      #expect(sample.pattern.countedPairs(step) == Double(pairs), "\(step)")
      #expect(sample.pattern.span(step) == rows.map(\.count).max(), "\(step)")
      let cached = Set(rows.joined().filter { $0 < step.cachedTokens })
      #expect(sample.pattern.cachedKeysRead(step) == cached.count, "\(step)")
    }
  }

  /// A tile is executed where any of its pairs is read; the last row and column of tiles may stick out.
  @Test(arguments: samples)
  func executedPairsAreWholeTiles(sample: Sample) {
    for (rows, columns) in [(1, 1), (2, 3), (3, 2), (4, 4), (5, 1), (16, 8)] {
      for step in Self.steps {
        var tiles = Set<[Int]>()
        for (row, keys) in Self.keys(of: sample, step).enumerated() {
          for key in keys { tiles.insert([row / rows, key / columns]) }
        }
        let executed = Double(tiles.count * rows * columns)
        let pattern = sample.pattern
        #expect(pattern.executedPairs(step, rows: rows, columns: columns) == executed, "\(step)")
        #expect(
          pattern.countedExecutedPairs(step, rows: rows, columns: columns) == executed, "\(step)")
        #expect(executed >= pattern.pairs(step))
      }
    }
  }

  /// The method's figures: 528 tiles of 64 for a causal 2048 (docs/method.md 1), half of the executed
  /// pairs for a window of one tile, 131072² pairs (the seed's attention matrix).
  @Test func publishedCountsAreReproduced() {
    let prompt = Step.prefill(2048)
    #expect(Causal().executedPairs(prompt, rows: 64, columns: 64) == 528 * 64 * 64)
    #expect(Causal().pairs(prompt) == 2048 * 2049 / 2)
    let long = Step.prefill(65_536)
    let window = SlidingWindow(128)
    let efficiency =
      window.pairs(long) / window.executedPairs(long, rows: 128, columns: 128)
    #expect(abs(efficiency - 0.5) < 0.002)
    #expect(Bidirectional().pairs(.encode(131_072)) == 17_179_869_184)
  }

  @Test func largeStepsStayExact() {
    let step = Step(newTokens: 1 << 20, cachedTokens: 1 << 20, logitTokens: 1, batch: 1)
    let n = 1_048_576.0
    #expect(Causal().pairs(step) == n * n + n * (n + 1) / 2)
    #expect(SlidingWindow(4096).pairs(step) == n * 4096)
    #expect(Bidirectional().pairs(step) == n * 2 * n)
  }

  /// The keys that each new token reads, by the rule.
  private static func keys(of sample: Sample, _ step: Step) -> [[Int]] {
    let length = step.cachedTokens + step.newTokens
    return (step.cachedTokens..<length).map { query in
      (0..<length).filter { sample.reads(query, $0, length) }
    }
  }
}
