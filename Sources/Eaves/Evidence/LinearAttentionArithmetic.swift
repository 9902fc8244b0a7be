/// FLOPs of one head of attention without a causal mask, as softmax and as products of features.
///
/// Softmax scores every pair: 2·N²·(d_q + d_v). Linear attention of f features makes KᵀV and then Q(KᵀV):
/// 2·N·f·d_v each. Maps and normalisers, which depend on the kernel, are left out. Source: Katharopoulos et al.,
/// Transformers are RNNs, section 3.2; docs/validation.md.
public struct LinearAttentionArithmetic: Sendable, Hashable {
  /// Width of a query (d_q) and of a value (d_v).
  public var headSize: Double
  public var valueHeadSize: Double
  /// Features of a query (f).
  public var features: Double

  /// Attention of heads of some width with `features` features.
  public init(headSize: Double, valueHeadSize: Double, features: Double) {
    self.headSize = headSize
    self.valueHeadSize = valueHeadSize
    self.features = features
  }

  /// Scores and weighted sums of all pairs: 2·N²·(d_q + d_v).
  public func softmaxFLOPs(tokens: Double) -> Double {
    2 * tokens * tokens * (headSize + valueHeadSize)
  }

  /// Sums of features and values, and their products with queries: 4·N·f·d_v.
  public func linearFLOPs(tokens: Double) -> Double { 4 * tokens * features * valueHeadSize }

  /// The tokens at which both cost the same: 2·f·d_v / (d_q + d_v), which is f where the widths are equal.
  public var crossoverTokens: Double { 2 * features * valueHeadSize / (headSize + valueHeadSize) }
}
