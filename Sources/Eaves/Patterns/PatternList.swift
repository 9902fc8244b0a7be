/// The patterns that a configuration can name.
///
/// A test fails if a file of this folder is missing here.
public enum PatternList {
  /// One word a pattern; each file says what it is and how its text reads.
  public static let entries: [PatternEntry] = [
    .causal, .bidirectional, .window, .local, .dilated, .strided, .fixed, .longformer, .bigBird,
    .blockSparse, .sinks, .topK, .quest, .mInference, .nsa, .dsa,
  ]

  /// The words that patterns start with.
  public static let names = entries.map(\.name)

  /// What can be written, for messages.
  public static let forms = entries.map(\.technique.form)

  /// What each is, those included that differ from layer to layer.
  public static let techniques = entries.map(\.technique) + [Interleaving.technique]

  /// What can be written under a name; `nil` for no name of a pattern.
  public static func form(of name: String) -> String? { entry(name)?.technique.form }

  /// Reads `causal`, `window:4096`, `dilated:512:gap=4` …; `nil` where the text is none of the forms.
  public static func parse(_ text: String) -> (any Pattern)? {
    guard var text = OptionText(parsing: text), let pattern = entry(text.name)?.make(&text),
      text.unused.isEmpty
    else { return nil }
    return pattern
  }

  private static func entry(_ name: String) -> PatternEntry? { entries.first { $0.name == name } }
}
