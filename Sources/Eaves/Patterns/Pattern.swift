/// Which cached and new keys a query reads, as runs of positions.
///
/// `forEachRun` is the definition: kernels execute it and `pairs` counts it. A closed form may override
/// `pairs`; a test holds it against the count. Positions are absolute: the query of new token i (from 0)
/// after n cached ones stands at n + i.
public protocol Pattern: Sendable {
  /// Text that parses back to the pattern (`causal`, `window:4096`).
  var name: String { get }

  /// Calls `body` with each run of key positions that the query at `position` reads.
  /// - Parameters:
  ///   - position: the absolute position of the query.
  ///   - length: cached and new tokens together.
  ///   - body: receives a run and the stride in it.
  func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void)

  /// How many tokens back a query reads at most, itself included; `nil` where there is no limit.
  var reach: Int? { get }

  /// The (query, key) pairs of one sequence in a step: P of docs/method.md 1.
  func pairs(_ step: Step) -> Double

  /// The most keys that one query of a step reads: the length of a score row.
  func span(_ step: Step) -> Int

  /// How many keys of earlier tokens the new tokens of a step read altogether, each counted once.
  func cachedKeysRead(_ step: Step) -> Int

  /// Pairs that are executed in whole tiles of `rows` queries and `columns` keys.
  func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double
}

extension Pattern {
  /// The pairs by the definition: every run of every query counted.
  public func countedPairs(_ step: Step) -> Double {
    var total = 0
    for row in 0..<step.newTokens {
      forEachRun(at: step.cachedTokens + row, of: step.cachedTokens + step.newTokens) {
        run, stride in
        total += (run.count + stride - 1) / stride
      }
    }
    return Double(total)
  }

  public var reach: Int? { nil }

  public func pairs(_ step: Step) -> Double { countedPairs(step) }

  /// Tiles by the definition: a tile counts where any of its pairs is read.
  public func countedExecutedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    let length = step.cachedTokens + step.newTokens
    var tiles = 0
    for first in stride(from: 0, to: step.newTokens, by: rows) {
      var touched = Set<Int>()
      for row in first..<min(first + rows, step.newTokens) {
        forEachRun(at: step.cachedTokens + row, of: length) { run, stride in
          for key in Swift.stride(from: run.lowerBound, to: run.upperBound, by: stride) {
            touched.insert(key / columns)
          }
        }
      }
      tiles += touched.count
    }
    return Double(tiles * rows * columns)
  }

  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    countedExecutedPairs(step, rows: rows, columns: columns)
  }
}

/// Parts that closed forms share.
enum PatternArithmetic {
  /// 1 + 2 + … + n.
  static func triangle(_ n: Int) -> Double { Double(n) * Double(n + 1) / 2 }

  /// Tiles of `rows` × `columns` in a causal step: for each block of rows, the blocks up to its last key.
  static func causalTiles(_ step: Step, rows: Int, columns: Int) -> Double {
    windowTiles(step, window: .max, rows: rows, columns: columns)
  }

  /// Tiles of a causal window: for each block of rows, the blocks from its first key to its last.
  static func windowTiles(_ step: Step, window: Int, rows: Int, columns: Int) -> Double {
    if rows == columns { return squareWindowTiles(step, window: window, side: rows) }
    return countedWindowTiles(step, window: window, rows: rows, columns: columns)
  }

  /// The same in closed form where tiles are squares: each further block of rows ends one block of keys
  /// later, and starts one later once the window is full.
  private static func squareWindowTiles(_ step: Step, window: Int, side: Int) -> Double {
    let blocks = (step.newTokens + side - 1) / side
    // The last blocks of keys: an arithmetic series, but for the last block of rows, which may be shorter.
    let last = (step.cachedTokens + step.newTokens - 1) / side
    let series =
      triangle(blocks - 2) + Double((blocks - 1) * ((step.cachedTokens + side - 1) / side))
    let ends = series + Double(last + blocks)
    guard window != .max else { return ends }
    // The first blocks of keys: an arithmetic series too, from where a query no longer sees all keys.
    let unseen = step.cachedTokens - window + 1
    if unseen >= 0 { return ends - Double(blocks * (unseen / side)) - triangle(blocks - 1) }
    let seeingAll = (side - 1 - unseen) / side
    return ends - triangle(max(0, blocks - seeingAll - 1))
  }

  /// The same by going through the blocks of rows.
  static func countedWindowTiles(_ step: Step, window: Int, rows: Int, columns: Int) -> Double {
    var tiles = 0
    var first = 0
    while first < step.newTokens {
      let last = min(first + rows, step.newTokens) - 1
      let oldest = window == .max ? 0 : max(0, step.cachedTokens + first - window + 1)
      tiles += (step.cachedTokens + last) / columns - oldest / columns + 1
      first += rows
    }
    return Double(tiles)
  }
}
