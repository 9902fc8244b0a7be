public import Quantities

/// Keeps a budget of tokens whose importance persists, by counters over a window of past attention
/// (Scissorhands, Liu et al., 2023).
public struct ScissorhandsCache: CachePolicy {
  /// Entries kept.
  public let budget: Int
  private let reach: Int

  public var name: String { "scissorhands:\(budget)" }

  /// A cache of `budget` tokens in a layer whose pattern reads at most `reach`.
  public init(budget: Int, reach: Int = .max) {
    self.budget = budget
    self.reach = reach
  }

  public func retained(_ tokens: Int) -> Int { min(tokens, budget, reach) }

  public func peak(_ tokens: Int) -> Double { Double(min(tokens, reach)) }

  /// One counter for each head and entry: 4·H·k bytes.
  public func metadata(_ tokens: Int, _ layer: CacheLayer) -> Bytes {
    layer.scoreBytes(entries: retained(tokens))
  }

  public let needsProbabilities = true
  public let isLossless = false
  public let hasUpkeep = true

  /// One counter of each head and entry is updated a query, as H2O's sums are.
  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    KeyScoring(step, cachedKeys: readable(step.cachedTokens), reach: reach, keepsSums: true)
      .emit(step, layer, into: &buffer)
  }
}

extension CacheEntry {
  static let scissorhands = CacheEntry(
    "scissorhands:TOKENS", example: "scissorhands:2048",
    summary: "Keeps a budget of tokens that were important before, by counters.",
    equation: "entries = min(n + S, B); counters: b·H·B in 32 bits, H·B additions a step; "
      + "without attention weights 2·H·d_q·B FLOPs more",
    conditions: [
      "Tokens that were important stay important.",
      "Attention weights are handed out, or formed in a second pass.",
    ] + evictingConditions,
    source: "Liu et al., Scissorhands, 2023, section 4 (recalled)"
  ) { option in
    option.count().map { budget in
      CacheChoice { ScissorhandsCache(budget: budget, reach: $0) }
    }
  }
}
