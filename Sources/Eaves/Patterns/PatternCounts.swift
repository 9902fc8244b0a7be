/// What attention asks of a pattern in a step, in one answer.
///
/// A pattern is known only when a model is compiled: each call through `any Pattern` takes 15 to 20 instructions
/// beside the count itself.
public struct PatternCounts: Sendable {
  /// The (query, key) pairs of one sequence.
  public let pairs: Double
  /// Those that are executed: whole tiles of a fused kernel; the pairs where none are cut.
  public let executedPairs: Double
  /// The most keys that one query reads.
  public let span: Int
  /// Keys of earlier tokens that are read.
  public let cachedKeysRead: Int
  /// Keys that lie side by side in each piece of the cache; `nil` where long runs are read.
  public let gatherRun: Int?
  /// First tokens that read all and that all read.
  public let globalTokens: Int
}

extension Pattern {
  /// The counts of a step.
  /// - Parameters:
  ///   - step: the tokens.
  ///   - side: rows and columns of a tile; `nil` where no tiles are cut. One query alone fills none.
  /// - Returns: what the single calls return.
  public func counts(_ step: Step, tilesOf side: Int?) -> PatternCounts {
    let pairs = pairs(step)
    var executed = pairs
    if let side, step.newTokens > 1 {
      executed = executedPairs(step, rows: min(side, step.newTokens), columns: side)
    }
    return PatternCounts(
      pairs: pairs, executedPairs: executed, span: span(step),
      cachedKeysRead: cachedKeysRead(step), gatherRun: gatherRun,
      globalTokens: globalTokens)
  }
}
