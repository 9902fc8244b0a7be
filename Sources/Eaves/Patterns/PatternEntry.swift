/// A pattern as a configuration names it: what it is, and how the text of its parts makes it.
///
/// Each is declared in the file of its pattern.
public struct PatternEntry: Sendable {
  /// What it is.
  public let technique: Technique
  /// Text that names one such pattern, with a paper's or a usual size.
  public let example: String
  /// Reads the parts behind the name, taking those that it knows; `nil` where they make no pattern.
  let make: @Sendable (inout OptionText) -> (any Pattern)?

  /// The word before the first colon.
  public var name: String { technique.name }

  /// A pattern of the axis; the name is the form's first word.
  init(
    _ form: String, example: String, summary: String, equation: String,
    conditions: [String] = [], source: String,
    make: @escaping @Sendable (inout OptionText) -> (any Pattern)?
  ) {
    let name = form.prefix { $0 != ":" && $0 != "[" }
    technique = Technique(
      name: String(name), axis: .pattern, form: form, summary: summary, equation: equation,
      conditions: conditions, source: source)
    self.example = example
    self.make = make
  }

  /// What several patterns need of a model.
  static let trainedIn = "The model must be trained with it."
  /// What patterns without a causal form say.
  static let bidirectionalOnly = "It has no causal form, so a decoder cannot use it."
}
