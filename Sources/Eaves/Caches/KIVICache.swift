/// Keeps every token, the older ones in 2 or 4 bits: keys in groups along the tokens of a channel, values in groups
/// along the channels of a token (KIVI, Liu et al., 2024).
public struct KIVICache: CachePolicy {
  /// Bits of an element.
  public let bits: Int
  private let reach: Int

  /// Elements that share a scale and a zero point, 16 bits each.
  public static let group = 32
  /// The newest tokens, which are not packed.
  public static let residual = 128

  public var name: String { "kivi:\(bits)" }

  /// A cache of `bits` bits in a layer whose pattern reads at most `reach`.
  public init(bits: Int, reach: Int = .max) {
    self.bits = bits
    self.reach = reach
  }

  public func retained(_ tokens: Int) -> Int { min(tokens, reach) }

  /// B + 32/g bits an element, and `kv` for the newest.
  public func storage(_ kv: NumberFormat) -> CacheStorage {
    let packed = NumberFormat(
      name: name, blockElements: Self.group, blockBits: Double(bits * Self.group + 32),
      expansion: .int4, multiply: kv.multiply)
    return CacheStorage(old: packed, recent: kv, recentTokens: Self.residual)
  }

  public let isLossless = false
  public let hasUpkeep = true

  /// Entries that have left the residual after `tokens` tokens.
  private func packed(_ tokens: Int) -> Int {
    reach > Self.residual ? max(0, tokens - Self.residual) : 0
  }

  /// What leaves the residual is read, packed at 3 lane operations an element, as any quantised cache is, and
  /// written.
  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    let leaving = packed(step.cachedTokens + step.newTokens) - packed(step.cachedTokens)
    guard leaving > 0 else { return }
    let rows = step.batch * leaving
    let elements = Double(rows) * Double(layer.entryWidth)
    buffer.append(
      .cacheUpkeep, .pointwise(elements: elements), work: Work(vector: 3 * elements)
    ) { operation in
      operation.add(
        Operand(.cacheRead, rows: rows, columns: layer.entryWidth, format: layer.storage.recent))
      operation.add(
        Operand(.cacheWrite, rows: rows, columns: layer.entryWidth, format: layer.storage.old))
    }
  }

  public func note(_ layer: CacheLayer) -> String? {
    bits < 4 && layer.kvHeads < layer.heads
      ? "kivi:\(bits) under shared heads: its authors advise 4 bits" : nil
  }
}

extension CacheEntry {
  static let kivi = CacheEntry(
    "kivi:2|4", example: "kivi:2",
    summary: "Packs all but the newest 128 tokens into 2 or 4 bits.",
    equation: "bits an element = B + 32/g, g = 32; the last 128 tokens in the cache's format; "
      + "2 lane operations an element read, 3 an element packed",
    conditions: [
      "Shared heads (GQA, MQA) need 4 bits.", "Results are not those of a full cache.",
    ],
    source: "Liu et al., KIVI, 2024, section 3"
  ) { option in
    guard let bits = option.count(), bits == 2 || bits == 4 else { return nil }
    return CacheChoice { KIVICache(bits: bits, reach: $0) }
  }
}
