/// What has been published of the quality of a configuration.
public struct QualityStatement: Sendable, Hashable {
  /// Quality lost against the baseline of the table, as a share: 0.024 is a perplexity 2.4 % higher, or a score
  /// 2.4 % lower; `nil` where no table says it of this configuration.
  public let loss: Double?
  /// Figure and source, or what is not known.
  public let evidence: String

  /// A loss and where it comes from.
  public init(loss: Double?, evidence: String) {
    self.loss = loss
    self.evidence = evidence
  }

  /// Nothing is published.
  public static let none = QualityStatement(loss: nil, evidence: "none")
}
