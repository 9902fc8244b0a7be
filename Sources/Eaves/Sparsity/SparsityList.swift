/// The kinds of sparsity that a configuration can name.
///
/// A test fails if a file of this folder is missing here.
public enum SparsityList {
  /// One word each; each file says how it is written.
  static let entries: [SparsityEntry] = [
    .dense, .unstructured, .twoOfFour, .heads, .neurons, .layers, .activations,
  ]

  /// What can be written, for messages.
  public static let forms = entries.map(\.technique.form)

  /// What each is.
  public static let techniques = entries.map(\.technique)

  /// Reads one kind, or several joined by `+`; `nil` where the text is none.
  public static func parse(_ text: String) -> (any Sparsity)? {
    let parts = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    let members = parts.compactMap(one)
    guard members.count == parts.count, let first = members.first else { return nil }
    guard members.count > 1 else { return first }
    // The same kind twice, or none among others, is a slip.
    let words = Set(parts.map { $0.prefix { $0 != ":" } })
    guard words.count == parts.count, !words.contains("dense") else { return nil }
    return JoinedSparsity(members: members)
  }

  private static func one(_ text: String) -> (any Sparsity)? {
    guard var text = OptionText(parsing: text),
      let sparsity = entries.first(where: { $0.word == text.name })?.make(&text),
      text.unused.isEmpty
    else { return nil }
    return sparsity
  }
}

/// A kind of sparsity of the list: what it is, and how its text is read.
struct SparsityEntry: Sendable {
  let technique: Technique
  /// What stands before the first colon.
  let word: String
  /// Reads the parts behind the word, taking those that it knows; `nil` where they are nonsense.
  let make: @Sendable (inout OptionText) -> (any Sparsity)?

  init(
    _ technique: Technique, make: @escaping @Sendable (inout OptionText) -> (any Sparsity)?
  ) {
    self.technique = technique
    word = String(technique.form.prefix { $0 != ":" })
    self.make = make
  }
}

extension OptionText {
  /// Takes the next part without a key as a share between 0 and 1, in decimals: `0.5`.
  mutating func share() -> Double? {
    guard let value = text(), value.allSatisfy({ "0123456789.".contains($0) }),
      let number = Double(value), number > 0, number < 1
    else { return nil }
    return number
  }
}
