import Eaves
import Testing

/// The closed forms of patterns against their definition, key by key.
@Suite struct PatternDefinitionTests {
  @Test(arguments: PatternSample.all)
  func theRunsAreTheKeysThatTheRuleNames(sample: PatternSample) {
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

  @Test(arguments: PatternSample.all)
  func pairsSpanAndCachedKeysAreCounts(sample: PatternSample) {
    for step in PatternSample.steps {
      let rows = sample.keys(step)
      let pairs = rows.map(\.count).reduce(0, +)
      #expect(sample.pattern.pairs(step) == Double(pairs), "\(step)")
      #expect(sample.pattern.countedPairs(step) == Double(pairs), "\(step)")
      #expect(sample.pattern.span(step) == rows.map(\.count).max(), "\(step)")
      let cached = Set(rows.joined().filter { $0 < step.cachedTokens })
      #expect(sample.pattern.cachedKeysRead(step) == cached.count, "\(step)")
    }
  }

  /// A tile is executed where any of its pairs is read; the last row and column of tiles may stick out.
  @Test(arguments: PatternSample.all)
  func executedPairsAreWholeTiles(sample: PatternSample) {
    let pattern = sample.pattern
    for step in PatternSample.steps {
      let keys = sample.keys(step)
      for (rows, columns) in [(1, 1), (2, 3), (3, 2), (4, 4), (5, 1), (16, 8)] {
        let executed = sample.executed(keys, step, rows: rows, columns: columns)
        #expect(pattern.executedPairs(step, rows: rows, columns: columns) == executed, "\(step)")
        #expect(executed >= pattern.pairs(step))
        if case .kernel = sample.tiling {
          #expect(
            pattern.countedExecutedPairs(step, rows: rows, columns: columns) == executed, "\(step)")
        }
      }
    }
  }

  /// How far back a query reads, where there is a limit, and whether it reads ahead.
  @Test(arguments: PatternSample.all)
  func reachAndDirectionAreThoseOfTheRule(sample: PatternSample) {
    let length = 120
    var furthest = 0
    var readsAhead = false
    for query in 0..<length {
      for key in 0..<length where sample.reads(query, key, length) {
        furthest = max(furthest, query - key + 1)
        if key > query { readsAhead = true }
      }
    }
    if let reach = sample.pattern.reach { #expect(furthest == reach) }
    #expect(sample.pattern.isCausal != readsAhead)
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

  /// n·s + n²/(2s) for the strided pattern: 1.5·n^1.5 pairs at s = √n (docs/method.md 1).
  @Test func sparseTransformersHaveTheirComplexity() {
    let n = 65_536.0
    let pairs = Strided(256).pairs(.prefill(65_536))
    #expect(abs(pairs / (1.5 * n * 256) - 1) < 0.01)
  }

  @Test func largeStepsStayExact() {
    let step = Step(newTokens: 1 << 20, cachedTokens: 1 << 20, logitTokens: 1, batch: 1)
    let n = 1_048_576.0
    #expect(Causal().pairs(step) == n * n + n * (n + 1) / 2)
    #expect(SlidingWindow(4096).pairs(step) == n * 4096)
    #expect(Bidirectional().pairs(step) == n * 2 * n)
    #expect(Dilated(keys: 512, gap: 8).pairs(step) == n * 512)
    #expect(Dilated(keys: 512, gap: 256).cachedKeysRead(step) == 256 * 511)
    #expect(SinksAndWindow(sinks: 4, window: 1020).pairs(step) == n * 1024)
  }
}
