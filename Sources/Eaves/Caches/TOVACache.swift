/// Drops the token that the last query attends to least: token omission via attention (TOVA, Oren et al., 2024).
///
/// A token is dropped for a whole layer, not for a head, and no score outlives its step.
public struct TOVACache: CachePolicy {
  /// Entries kept.
  public let budget: Int
  private let reach: Int

  public var name: String { "tova:\(budget)" }

  /// A cache of `budget` tokens in a layer whose pattern reads at most `reach`.
  public init(budget: Int, reach: Int = .max) {
    self.budget = budget
    self.reach = reach
  }

  public func retained(_ tokens: Int) -> Int { min(tokens, budget, reach) }

  public func peak(_ tokens: Int) -> Double { Double(min(tokens, reach)) }

  public let needsProbabilities = true
  public let isLossless = false
  public let hasUpkeep = true

  /// The last query's weights are added up over the heads: H·k additions.
  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    KeyScoring(last: 1, of: step, cachedKeys: readable(step.cachedTokens))
      .emit(step, layer, into: &buffer)
  }
}

extension CacheEntry {
  static let tova = CacheEntry(
    "tova:TOKENS", example: "tova:1024",
    summary: "Drops the token that the last query attends to least.",
    equation: "entries = min(n + S, k); H·k additions a step; "
      + "without attention weights 2·H·d_q·k FLOPs more",
    conditions: ["Attention weights are handed out, or formed in a second pass."]
      + evictingConditions,
    source: "Oren et al., Transformers are Multi-State RNNs, 2024, section 3 (recalled)"
  ) { option in
    option.count().map { budget in CacheChoice { TOVACache(budget: budget, reach: $0) } }
  }
}
