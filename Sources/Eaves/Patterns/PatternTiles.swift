/// Tiles of `rows` queries and `columns` keys that patterns touch.
enum PatternTiles {
  /// The executed pairs of a step: tiles summed over its blocks of `rows` queries.
  /// - Parameters:
  ///   - step: the tokens; blocks start at the first new one.
  ///   - rows: queries of a tile.
  ///   - columns: keys of a tile.
  ///   - tiles: the tiles that queries at absolute positions `first` to `last` touch.
  /// - Returns: tiles times their pairs.
  static func executedPairs(
    _ step: Step, rows: Int, columns: Int, _ tiles: (_ first: Int, _ last: Int) -> Int
  ) -> Double {
    let end = step.cachedTokens + step.newTokens
    var total = 0
    var first = step.cachedTokens
    while first < end {
      total += tiles(first, min(first + rows, end) - 1)
      first += rows
    }
    return Double(total) * Double(rows * columns)
  }

  /// Tiles of one run of keys.
  static func of(_ run: ClosedRange<Int>, columns: Int) -> Int {
    run.upperBound / columns - run.lowerBound / columns + 1
  }

  /// Tiles of two runs, shared ones counted once.
  static func of(_ run: ClosedRange<Int>, and other: ClosedRange<Int>, columns: Int) -> Int {
    let shared =
      min(run.upperBound / columns, other.upperBound / columns)
      - max(run.lowerBound / columns, other.lowerBound / columns) + 1
    return of(run, columns: columns) + of(other, columns: columns) - max(0, shared)
  }

  /// Tiles of the run and of its copies at `gap`, 2·`gap` … before it, which share none; keys below 0 do
  /// not exist.
  /// - Parameters:
  ///   - run: the last run.
  ///   - gap: the distance; the keys between two runs fill a tile at least.
  ///   - copies: runs altogether, each with a key from 0 on.
  ///   - columns: keys of a tile.
  /// - Returns: tiles of all runs.
  static func ofDisjointCopies(
    _ run: ClosedRange<Int>, gap: Int, copies: Int, columns: Int
  ) -> Int {
    guard copies > 0 else { return 0 }
    let first = (copies - 1) * gap
    guard run.lowerBound >= first else {
      // The first run sticks out below 0.
      return (run.upperBound - first) / columns + 1
        + ofDisjointCopies(run, gap: gap, copies: copies - 1, columns: columns)
    }
    func quotients(_ start: Int) -> Int {
      PatternArithmetic.quotientSum(copies, by: columns, step: gap, from: start)
    }
    return quotients(run.upperBound - first) - quotients(run.lowerBound - first) + copies
  }

  /// Tiles in a causal step: for each block of rows, the blocks up to its last key.
  static func causal(_ step: Step, rows: Int, columns: Int) -> Double {
    window(step, window: .max, rows: rows, columns: columns)
  }

  /// Tiles of a causal window: for each block of rows, the blocks from its first key to its last.
  static func window(_ step: Step, window: Int, rows: Int, columns: Int) -> Double {
    if rows == columns { return squareWindow(step, window: window, side: rows) }
    return countedWindow(step, window: window, rows: rows, columns: columns)
  }

  /// The same in closed form where tiles are squares: each further block of rows ends one block of keys
  /// later, and starts one later once the window is full.
  private static func squareWindow(_ step: Step, window: Int, side: Int) -> Double {
    let triangle = PatternArithmetic.triangle
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
  private static func countedWindow(_ step: Step, window: Int, rows: Int, columns: Int) -> Double {
    executedPairs(step, rows: rows, columns: columns) { first, last in
      of((window == .max ? 0 : max(0, first - window + 1))...last, columns: columns)
    } / Double(rows * columns)
  }
}
