/// Which cached and new keys a query reads, as runs of positions.
///
/// `forEachRun` is the definition: kernels execute it and `pairs` counts it. A closed form may override
/// `pairs`; a test holds it against the count. Positions are absolute: the query of new token i (from 0)
/// after n cached ones stands at n + i. Where the data decide (`selection`), the runs are one choice of the
/// right number of keys, always the same, so that kernels and counts agree.
public protocol Pattern: Sendable {
  /// Text that parses back to the pattern (`causal`, `window:4096`).
  var name: String { get }

  /// Calls `body` with each run of key positions that the query at `position` reads.
  /// - Parameters:
  ///   - position: the absolute position of the query.
  ///   - length: cached and new tokens together.
  ///   - body: receives a run and the stride in it.
  func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void)

  /// The pattern that a step follows: itself, but for those that choose keys only in decode or only in
  /// prefill and read all of them elsewhere. Whoever executes runs asks it for them.
  func acting(in step: Step) -> any Pattern

  /// Whether a decoder can use it: no query reads what comes after it.
  var isCausal: Bool { get }

  /// Whether a model must be trained with it for the result to mean anything.
  ///
  /// False for the two full patterns, which models are trained with anyway, and for choices made on
  /// a model trained without them.
  var isTrainedIn: Bool { get }

  /// How many tokens back a query reads at most, itself included; `nil` where there is no limit.
  var reach: Int? { get }

  /// First tokens that read all and that all read, where a model may give them projections of their own; 0
  /// where there are none.
  var globalTokens: Int { get }

  /// Keys that lie side by side in each run that is read from the cache: the granularity of gathers.
  /// `nil` where a few long runs are read.
  var gatherRun: Int? { get }

  /// The (query, key) pairs of one sequence in a step: P of docs/method.md 1.
  func pairs(_ step: Step) -> Double

  /// The most keys that one query of a step reads: the length of a score row.
  func span(_ step: Step) -> Int

  /// How many keys of earlier tokens the new tokens of a step read altogether, each counted once.
  ///
  /// Where the data decide and several new tokens choose for themselves, as many as they can read at most.
  func cachedKeysRead(_ step: Step) -> Int

  /// Pairs that are executed in whole tiles of `rows` queries and `columns` keys.
  ///
  /// Patterns made of blocks execute whole blocks of their own size, gathered keys whole tiles of gathered
  /// keys: each such pattern says what it counts.
  func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double

  /// What attention asks of a step, in one call (`PatternCounts`).
  func counts(_ step: Step, tilesOf side: Int?) -> PatternCounts

  /// What choosing the keys costs for one sequence and layer, where they depend on the data; `nil` where
  /// they do not.
  /// - Parameters:
  ///   - step: the tokens.
  ///   - heads: query heads (H).
  ///   - kvHeads: key-value heads (G).
  ///   - headSize: width of a query and a key (d_q).
  /// - Returns: work and bytes of the selector.
  func selection(_ step: Step, heads: Int, kvHeads: Int, headSize: Int) -> KeySelection?
}

extension Pattern {
  public func acting(in step: Step) -> any Pattern { self }

  public var isCausal: Bool { true }

  public var isTrainedIn: Bool { true }

  public var reach: Int? { nil }

  public var globalTokens: Int { 0 }

  public var gatherRun: Int? { nil }

  public func pairs(_ step: Step) -> Double { countedPairs(step) }

  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    countedExecutedPairs(step, rows: rows, columns: columns)
  }

  public func selection(
    _ step: Step, heads: Int, kvHeads: Int, headSize: Int
  ) -> KeySelection? { nil }

  /// The pairs by the definition: every run of every query counted.
  public func countedPairs(_ step: Step) -> Double {
    let pattern = acting(in: step)
    var total = 0
    for row in 0..<step.newTokens {
      pattern.forEachRun(at: step.cachedTokens + row, of: step.cachedTokens + step.newTokens) {
        run, stride in
        total += (run.count + stride - 1) / stride
      }
    }
    return Double(total)
  }

  /// Tiles by the definition: a tile counts where any of its pairs is read.
  public func countedExecutedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    let pattern = acting(in: step)
    let length = step.cachedTokens + step.newTokens
    var tiles = 0
    for first in stride(from: 0, to: step.newTokens, by: rows) {
      var touched = Set<Int>()
      for row in first..<min(first + rows, step.newTokens) {
        pattern.forEachRun(at: step.cachedTokens + row, of: length) { run, stride in
          for key in Swift.stride(from: run.lowerBound, to: run.upperBound, by: stride) {
            touched.insert(key / columns)
          }
        }
      }
      tiles += touched.count
    }
    return Double(tiles * rows * columns)
  }
}
