/// The choice that stands for a choice made from data or for a sparse layout: evenly spread places.
enum SpreadChoice {
  /// Place t of `count` among `total`, the first at 0: ⌊t·total / count⌋.
  static func place(_ index: Int, of count: Int, among total: Int) -> Int { index * total / count }

  /// How many of the places lie below a bound.
  static func count(below bound: Int, of count: Int, among total: Int) -> Int {
    min(count, (bound * count + total - 1) / total)
  }

  /// Whether a place is chosen.
  static func isPlace(_ place: Int, of count: Int, among total: Int) -> Bool {
    self.count(below: place + 1, of: count, among: total)
      > self.count(below: place, of: count, among: total)
  }

  /// Chooses `keys` of the keys up to a position in runs of `run`, of which `keys` is a multiple.
  ///
  /// Runs are counted back from the position, so that the last one ends there. Where there are no more keys,
  /// all of them are one run.
  static func forEachRun(
    backFrom position: Int, keys: Int, run: Int, _ body: (Range<Int>, Int) -> Void
  ) {
    let end = position + 1
    guard end > keys else {
      body(0..<end, 1)
      return
    }
    let (count, total) = (keys / run, end / run)
    for index in (0..<count).reversed() {
      let start = end - (place(index, of: count, among: total) + 1) * run
      body(start..<start + run, 1)
    }
  }

  /// Keys of earlier tokens that `step` reads at most if each new token chooses `keys`, itself included.
  static func cachedKeysRead(_ step: Step, keys: Int) -> Int {
    min(step.cachedTokens, step.newTokens * (keys - 1))
  }

  /// Executed pairs where a tile holds one query and gathered keys: `keys` of those up to the query, or all
  /// where there are no more, rounded up to whole tiles of `columns` keys.
  static func gatheredPairs(_ step: Step, keys: Int, columns: Int) -> Double {
    let (cached, length) = (step.cachedTokens, step.cachedTokens + step.newTokens)
    let limit = (keys + columns - 1) / columns - 1
    let tiles =
      Double(step.newTokens)
      + PatternArithmetic.quotientSum(length, by: columns, limit: limit)
      - PatternArithmetic.quotientSum(cached, by: columns, limit: limit)
    return tiles * Double(columns)
  }
}
