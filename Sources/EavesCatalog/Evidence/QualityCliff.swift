/// Where quality falls off along an option, by one table of published figures.
public struct QualityCliff: Sendable {
  /// What is said of one value.
  public enum Verdict: String, Sendable {
    /// It loses no more than was allowed.
    case within
    /// The first, from the most bytes down, that loses more.
    case cliff
    /// A later one that loses more.
    case past
  }

  /// The loss that is allowed, as a share.
  public let allowed: Double
  /// The verdict on each value that a figure is known of.
  public let verdicts: [String: Verdict]
  /// The first value past the allowed loss, and its loss.
  public let first: (value: String, loss: Double)?

  /// Five per cent of perplexity, as in docs/validation.md.
  public static let standard = 0.05

  /// Finds the cliff.
  /// - Parameters:
  ///   - values: the values with the bytes that their weights take, and what they lose where it is known.
  ///   - allowed: the loss that is allowed, as a share.
  public init(_ values: [(value: String, bytes: Double, loss: Double?)], allowed: Double) {
    self.allowed = allowed
    var verdicts: [String: Verdict] = [:]
    var first: (value: String, loss: Double)?
    for entry in values.sorted(by: { ($0.bytes, $0.value) > ($1.bytes, $1.value) }) {
      guard let loss = entry.loss, verdicts[entry.value] == nil else { continue }
      if loss <= allowed {
        verdicts[entry.value] = .within
      } else if first == nil {
        verdicts[entry.value] = .cliff
        first = (entry.value, loss)
      } else {
        verdicts[entry.value] = .past
      }
    }
    self.verdicts = verdicts
    self.first = first
  }

  /// The loss that is allowed, in per cent.
  public var share: String { String(QualityEvidence.percent(allowed).dropFirst()) }

  /// The result in one sentence.
  /// - Parameter table: the table that the losses are from.
  /// - Returns: the sentence, without a line's end.
  public func sentence(of table: QualityTable) -> String {
    sentence(of: "\(table.metric.rawValue), \(table.description)")
  }

  /// The result in one sentence, with where the losses are from.
  public func sentence(of source: String) -> String {
    guard let first else { return "quality: no format is past \(share) (\(source))" }
    return "quality: \(first.value) is the first past \(share), at "
      + "\(QualityEvidence.percent(first.loss)) (\(source))"
  }
}
