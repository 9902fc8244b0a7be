/// The patterns that a configuration can name.
///
/// A test fails if a file of this folder is missing here.
public enum PatternList {
  /// One line a pattern: its name in text, and how the rest of the text makes it.
  static let entries: [(name: String, make: @Sendable (String?) -> (any Pattern)?)] = [
    ("causal", { $0 == nil ? Causal() : nil }),
    ("bidirectional", { $0 == nil ? Bidirectional() : nil }),
    ("window", { $0.flatMap(TokenCount.parse).map(SlidingWindow.init) }),
  ]

  /// What can be written, for messages.
  public static let forms = ["causal", "bidirectional", "window:TOKENS"]

  /// Reads `causal`, `bidirectional` or `window:4096`; `nil` where the text is none of them.
  public static func parse(_ text: String) -> (any Pattern)? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    guard let name = parts.first else { return nil }
    let rest = parts.count == 2 ? parts[1] : nil
    return entries.first { $0.name == name }.flatMap { $0.make(rest) }
  }
}
