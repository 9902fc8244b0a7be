/// Bytes of activations that training keeps of one layer, 16-bit, with masks of bytes.
///
/// Source: Korthikanti et al., Reducing Activation Recomputation in Large Transformer Models, equations 1, 2
/// and table 2; docs/validation.md.
public struct ActivationCheckpointing: Sendable, Hashable {
  /// What is computed again in the backward pass rather than kept.
  public enum Recompute: String, Sendable, Hashable, CaseIterable {
    case none
    /// The attention matrices.
    case selective
    /// Everything but the layer's input.
    case full
  }

  /// Tokens (s), sequences (b), width (h) and heads (a).
  public var tokens: Double
  public var batch: Double
  public var hidden: Double
  public var heads: Double

  /// One layer: `tokens` × `batch` rows of `hidden` elements, `heads` heads.
  public init(tokens: Double, batch: Double, hidden: Double, heads: Double) {
    self.tokens = tokens
    self.batch = batch
    self.hidden = hidden
    self.heads = heads
  }

  /// Bytes kept on each of `tensorParallel` devices: sbh(10 + 24/t + 5as/(ht)), without the last term where
  /// attention is computed again, 2sbh where all is.
  public func bytes(_ recompute: Recompute = .none, tensorParallel: Double = 1) -> Double {
    let rows = tokens * batch * hidden
    if recompute == .full { return 2 * rows }
    let attention = recompute == .none ? 5 * heads * tokens / (hidden * tensorParallel) : 0
    return rows * (10 + 24 / tensorParallel + attention)
  }
}
