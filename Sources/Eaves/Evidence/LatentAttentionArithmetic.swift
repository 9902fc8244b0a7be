/// Closed forms of multi-head latent attention (MLA) from its dimensions.
///
/// A token leaves a latent vector that all heads share, and a rotary part beside it. Source: DeepSeek-V2,
/// section 2.1; docs/validation.md.
public struct LatentAttentionArithmetic: Sendable, Hashable {
  /// Width of the latent vector (dc).
  public var latent: Double
  /// Width of the rotary part that all heads share (dr).
  public var rotary: Double
  /// Width of a head of queries and keys without the rotary part (dn), and of values (dv).
  public var headSize: Double
  public var valueHeadSize: Double

  /// Dimensions, each in elements.
  public init(latent: Double, rotary: Double, headSize: Double, valueHeadSize: Double) {
    self.latent = latent
    self.rotary = rotary
    self.headSize = headSize
    self.valueHeadSize = valueHeadSize
  }

  /// Cached elements of one token in one layer: dc + dr.
  public var cacheElements: Double { latent + rotary }

  /// Key-value heads of grouped-query attention with the same head size that cache as much.
  ///
  /// (dc + dr) / (dn + dv); DeepSeek-V2, table 1: 2.25.
  public var equivalentGroups: Double { cacheElements / (headSize + valueHeadSize) }

  /// Arithmetic intensity of absorbed decode, FLOP/B: each of `heads` queries multiplies the latent twice
  /// and the rotary part once for what is read once, 2H(2dc + dr) / ((dc + dr)·bytes).
  public func decodeIntensity(heads: Double, elementBytes: Double) -> Double {
    2 * heads * (2 * latent + rotary) / (cacheElements * elementBytes)
  }

  /// FLOPs of a pass in the absorbed form, for one head: queries and outputs go through the latent.
  /// - Parameters:
  ///   - tokens: new tokens S.
  ///   - pairs: query-key pairs that are scored.
  /// - Returns: FLOPs.
  public func absorbedFLOPs(tokens: Double, pairs: Double) -> Double {
    2 * tokens * latent * (headSize + valueHeadSize) + 2 * pairs * (2 * latent + rotary)
  }

  /// FLOPs of a pass in the expanded form, for one head: keys and values of all positions are made anew.
  /// - Parameters:
  ///   - tokens: new tokens S.
  ///   - cached: cached tokens n.
  ///   - pairs: query-key pairs that are scored.
  /// - Returns: FLOPs.
  public func expandedFLOPs(tokens: Double, cached: Double, pairs: Double) -> Double {
    2 * (cached + tokens) * latent * (headSize + valueHeadSize)
      + 2 * pairs * (headSize + rotary + valueHeadSize)
  }

  /// Query tokens a pass above which the expanded form costs less, for a long cache:
  /// dc(dn + dv) / (2dc − dn − dv); `nil` where the absorbed form never costs more.
  public var crossoverTokens: Double? {
    let heads = headSize + valueHeadSize
    let excess = 2 * latent - heads
    return excess > 0 ? latent * heads / excess : nil
  }
}
