/// Keeps the first tokens and the newest: attention sinks and a window (StreamingLLM, Xiao et al., 2023).
///
/// Positions are those within the cache, so keys are kept as they were before rotation and rotated in each step.
public struct SinksCache: CachePolicy {
  /// First tokens kept, and newest tokens kept.
  public let sinks: Int
  public let window: Int
  private let reach: Int

  public var name: String { "sinks:\(sinks)+\(window)" }

  /// A cache of `sinks` + `window` tokens in a layer whose pattern reads at most `reach`.
  public init(sinks: Int, window: Int, reach: Int = .max) {
    self.sinks = sinks
    self.window = window
    self.reach = reach
  }

  public func retained(_ tokens: Int) -> Int { min(tokens, sinks + window, reach) }

  public func peak(_ tokens: Int) -> Double { Double(min(tokens, reach)) }

  public let isLossless = false
  public let hasUpkeep = true

  /// 3·G·d_q lane operations a cached key, in the kernel that reads it.
  ///
  /// Where scores are materialised, a kernel of its own writes rotated keys. The new tokens' keys are rotated
  /// where they are made.
  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    let keys = readable(step.cachedTokens)
    guard layer.rotatesKeys, keys > 0 else { return }
    let columns = layer.kvHeads * layer.headSize
    let elements = Double(step.batch * keys) * Double(columns)
    let isOwnKernel = layer.schedule == .materialised
    buffer.append(
      .cacheUpkeep, .pointwise(elements: elements),
      work: Work(vector: 3 * elements, launches: isOwnKernel ? 1 : 0)
    ) { operation in
      guard isOwnKernel else { return }
      layer.storage.addReads(of: keys, columns: columns, batch: step.batch, to: &operation)
      operation.add(
        Operand(
          .activationWrite, rows: step.batch * keys, columns: columns, format: layer.activations))
    }
  }

  public func note(_ layer: CacheLayer) -> String? {
    layer.rotatesKeys
      ? "sinks counts positions within the cache: cached keys are rotated in each step" : nil
  }
}

extension CacheEntry {
  static let sinks = CacheEntry(
    "sinks:SINKS+WINDOW", example: "sinks:4+1020",
    summary: "Keeps the first tokens (attention sinks) and the newest.",
    equation: "entries = min(n + S, s + w); 3·G·d_q·(s + w) lane operations a step rotate the keys",
    conditions: [
      "Positions are those within the cache, so it is no longer context for the model."
    ] + evictingConditions,
    source:
      "Xiao et al., Efficient Streaming Language Models with Attention Sinks, 2023, section 3.2"
  ) { option in
    guard let counts = option.counts(joinedBy: "+") else { return nil }
    return CacheChoice { SinksCache(sinks: counts.first, window: counts.second, reach: $0) }
  }
}
