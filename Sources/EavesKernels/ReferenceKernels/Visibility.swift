import Eaves

/// Which keys each query of a step reads: the runs of its pattern, which are what Eaves counts.
struct Visibility: Sendable {
  /// Key positions of each new token, in the order of the runs; a key comes as often as runs hold it.
  let keys: [[Int]]
  /// Positions of earlier tokens that some query reads, in order.
  let cached: [Int]
  /// Earlier tokens (n), and all of them (n + S).
  let cachedTokens: Int
  let length: Int

  /// The runs of a pattern in a step.
  init(_ pattern: any Pattern, _ step: Step) {
    let acting = pattern.acting(in: step)
    let length = step.cachedTokens + step.newTokens
    let keys = (0..<step.newTokens).map { row in
      var keys: [Int] = []
      acting.forEachRun(at: step.cachedTokens + row, of: length) { run, stride in
        keys += Swift.stride(from: run.lowerBound, to: run.upperBound, by: stride)
      }
      return keys
    }
    self.keys = keys
    cached = Set(keys.joined()).filter { $0 < step.cachedTokens }.sorted()
    cachedTokens = step.cachedTokens
    self.length = length
  }

  /// Queries that all read the same keys, none of them cached (mixtures of keys).
  init(queries: Int, keys: Int) {
    self.keys = Array(repeating: Array(0..<keys), count: queries)
    cached = []
    cachedTokens = 0
    length = keys
  }

  /// Every token of a step, whoever reads it: what products with all entries run over.
  init(all step: Step) { self.init(Bidirectional(), step) }

  /// Pairs of all queries.
  var pairs: Int { keys.reduce(0) { $0 + $1.count } }

  /// Of the tiles of `columns` keys in which a query reads keys, all but its first: each rescales what the query
  /// has summed up.
  func rescalings(columns: Int) -> Int {
    keys.reduce(0) { $0 + max(0, Set($1.map { $0 / columns }).count - 1) }
  }
}
