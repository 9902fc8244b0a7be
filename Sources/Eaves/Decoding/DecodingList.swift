/// The ways of decoding that a configuration can name.
///
/// A test fails if a file of this folder is missing here.
public enum DecodingList {
  /// One word each; each file says how it is written.
  static let entries: [DecodingEntry] = [
    .autoregressive, .diffusion, .speculative, .earlyExit,
  ]

  /// What can be written, for messages.
  public static let forms = entries.map(\.technique.form)

  /// What each is.
  public static let techniques = entries.map(\.technique)

  /// Reads a way of decoding; `nil` where the text is none.
  public static func parse(_ text: String) -> (any Decoding)? {
    guard var text = OptionText(parsing: text),
      let decoding = entries.first(where: { $0.technique.name == text.name })?.make(&text),
      text.unused.isEmpty
    else { return nil }
    return decoding
  }

  /// What a model does unless told otherwise.
  static func own(of model: Model) -> any Decoding {
    model.kind == .diffusion
      ? Diffusion(steps: nil, length: nil, block: nil, hasCache: false) : Autoregressive()
  }
}

/// A way of decoding of the list: what it is, and how its text is read.
struct DecodingEntry: Sendable {
  let technique: Technique
  /// A text that it reads.
  let example: String
  /// Reads the parts behind the name, taking those that it knows; `nil` where they are nonsense.
  let make: @Sendable (inout OptionText) -> (any Decoding)?

  init(
    _ technique: Technique, example: String? = nil,
    make: @escaping @Sendable (inout OptionText) -> (any Decoding)?
  ) {
    self.technique = technique
    self.example = example ?? technique.name
    self.make = make
  }
}
