/// One field of a CSV file: its text without quotes, and where the text begins.
public struct CSVField: Equatable, Sendable {
  /// What the field says.
  public let text: String
  /// Where its first character stands, after an opening quote.
  public let position: TextPosition
  /// Whether the text stands on one line as it is, so that places in it can be counted from `position`.
  public let isVerbatim: Bool

  /// The place of a character of the text in the file; the field's own where it holds escapes.
  public func position(ofScalarAt offset: Int) -> TextPosition {
    guard isVerbatim else { return position }
    return TextPosition(line: position.line, column: position.column + offset)
  }
}
