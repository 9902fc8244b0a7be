/// One value of a row, before any output format has seen it.
///
/// Missing is a case of its own, so that an unknown figure never turns into 0. A number that is not
/// finite counts as missing too: no format of ours has a spelling for it.
public enum Cell: Sendable, Hashable {
  /// A name or a sentence. A short text or a literal costs no allocation and no counting.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// An amount in the base unit of its column.
  case number(Double)
  /// A yes or no.
  case boolean(Bool)
  /// Not known, or not applicable.
  case missing

  /// A text, or missing.
  /// - Parameter text: The text.
  @inlinable
  public init(_ text: String?) {
    if let text { self = .text(text) } else { self = .missing }
  }

  /// A whole number, or missing.
  /// - Parameter value: The number.
  @inlinable
  public init(_ value: Int?) {
    if let value { self = .integer(value) } else { self = .missing }
  }

  /// An amount in the base unit of its column, or missing.
  /// - Parameter value: The amount.
  @inlinable
  public init(_ value: Double?) {
    if let value { self = .number(value) } else { self = .missing }
  }

  /// A yes or no, or missing.
  /// - Parameter value: The answer.
  @inlinable
  public init(_ value: Bool?) {
    if let value { self = .boolean(value) } else { self = .missing }
  }
}
