/// What a member of an axis is, for `eaves techniques`.
public struct Technique: Sendable, Hashable {
  /// The axes of architecture.md 1, and presets, which are points on several of them.
  public enum Axis: String, Sendable, CaseIterable {
    case attention, pattern, schedule, mixer, cache, parallel, decoding
    case formats = "format"
    case sparsity, experts, preset
  }

  /// Its word: "window".
  public let name: String
  public let axis: Axis
  /// How it is written: "window:TOKENS".
  public let form: String
  /// One sentence.
  public let summary: String
  /// What is counted, in plain text: "P = Σ min(n + i, w)".
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
