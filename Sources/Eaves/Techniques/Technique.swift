/// What a member of an axis is, for `eaves techniques`.
public struct Technique: Sendable, Hashable {
  /// What a configuration chooses apart from model, chip and runtime.
  public enum Axis: String, Sendable, CaseIterable {
    case attention, pattern, schedule, mixer, cache, parallel, decoding
    case formats = "format"
    case sparsity, experts, shrinking, preset
  }

  /// The word that a configuration writes: "window".
  public let name: String
  /// What it is a choice of.
  public let axis: Axis
  /// How it is written; words in capitals stand for values, brackets may be left out: "window:TOKENS".
  public let form: String
  /// One sentence.
  public let summary: String
  /// Plain text: "P = Σ min(n + i, w)".
  public let equation: String
  /// When it is realisable, in sentences.
  public let conditions: [String]
  /// Paper and section.
  public let source: String

  /// A description.
  public init(
    name: String, axis: Axis, form: String, summary: String, equation: String,
    conditions: [String] = [], source: String
  ) {
    self.name = name
    self.axis = axis
    self.form = form
    self.summary = summary
    self.equation = equation
    self.conditions = conditions
    self.source = source
  }
}
