/// A JSON value and where it stands in its file.
public struct JSONNode: Sendable {
  /// The value itself.
  public let value: Value
  /// Where its first character stands.
  public let position: TextPosition

  init(_ value: Value, at position: TextPosition) {
    self.value = value
    self.position = position
  }

  /// The six kinds of JSON values.
  public enum Value: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number, as the file writes it: no digit is lost.
    case number(String)
    /// A string with its escapes resolved.
    case string(String)
    /// A list of values.
    case array([JSONNode])
    /// Keys and values in the order of the file; no key stands twice.
    case object([Member])
  }

  /// A key of an object with its value.
  public struct Member: Sendable {
    /// The key.
    public let key: String
    /// Where the key stands.
    public let keyPosition: TextPosition
    /// The value.
    public let node: JSONNode
  }

  /// What stands here, in words for an error message: `the string "abc"`, `an object`.
  var found: String {
    switch value {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .number(let text): "the number \(shortened(text))"
    case .string(let text): "the string \(quoted(text))"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
