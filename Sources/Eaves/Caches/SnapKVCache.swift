/// Chooses, once the prompt has been read, the entries that its last queries attend to (SnapKV, Li et al., 2024).
///
/// Tokens that are generated afterwards are all kept.
public struct SnapKVCache: CachePolicy {
  private let selection: PromptSelection

  public var name: String {
    let prompt = selection.prompt.map { ":prompt=\($0)" } ?? ""
    return "snapkv:\(selection.chosen)+\(selection.window)\(prompt)"
  }

  /// A cache that keeps of a prompt `chosen` entries and the last `window`, in a layer whose pattern reads at most
  /// `reach`; without `prompt` all cached tokens are taken for the prompt.
  public init(chosen: Int, window: Int, prompt: Int? = nil, reach: Int = .max) {
    selection = PromptSelection(chosen: chosen, window: window, prompt: prompt, reach: reach)
  }

  /// Entries of the prompt that are chosen, and its last, which choose; its length where it is given.
  public var chosen: Int { selection.chosen }
  public var window: Int { selection.window }
  public var prompt: Int? { selection.prompt }

  public func retained(_ tokens: Int) -> Int { selection.retained(tokens) }

  /// Nothing makes room for a new token.
  public func readable(_ tokens: Int) -> Int { retained(tokens) }

  public func peak(_ tokens: Int) -> Double { selection.peak(tokens) }

  public let needsProbabilities = true
  public let isLossless = false
  public let hasUpkeep = true

  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    selection.emit(step, layer, into: &buffer)
  }

  public func note(_ layer: CacheLayer) -> String? { selection.note("snapkv", layer) }
}

extension CacheEntry {
  static let snapKV = CacheEntry(
    "snapkv:CHOSEN+WINDOW[:prompt=TOKENS]", example: "snapkv:1024+64",
    summary: "Chooses the entries of the prompt that its last queries attend to, once.",
    equation: "entries = min(p, k + w) + generated; once 2·H·d_q·w·p FLOPs without attention "
      + "weights, and pooling",
    conditions: ["Without prompt= all cached tokens are taken for the prompt."]
      + evictingConditions,
    source: "Li et al., SnapKV, 2024, section 4; pooling over 5 as in the authors' code"
  ) { option in
    guard let counts = option.counts(joinedBy: "+"), let prompt = option.promptTokens() else {
      return nil
    }
    return CacheChoice {
      SnapKVCache(chosen: counts.first, window: counts.second, prompt: prompt, reach: $0)
    }
  }
}
