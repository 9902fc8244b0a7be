public import Eaves

/// A combination of options that the literature has a name for: StreamingLLM, Longformer, KIVI.
///
/// Read from `Scenarios/presets/*.json` (schema version 1, `docs/schema/preset.schema.json`). It stands for
/// the values it sets; what a configuration sets itself comes first.
public struct Preset: Sendable {
  public var id: String
  public var name: String
  /// One sentence.
  public var summary: String
  public var aliases: [String]
  /// The options it sets, with their values.
  public var values: [Option: String]
  /// Whether it means something only for a model that was trained with it.
  public var isTrainedIn: Bool
  public var source: String
  public var notes: [String]

  /// Reads a preset.
  /// - Throws: `DataError` at the first thing that is wrong.
  public init(parsing bytes: [UInt8], file: String) throws(DataError) {
    let root = try ObjectReader(parsing: bytes, file: file)
    try root.requireSchema(1)
    id = try root.identifier("id")
    name = try root.string("name")
    summary = try root.string("summary")
    aliases = try root.strings("aliases")
    isTrainedIn = try root.boolean("trained_in")
    source = try root.string("source")
    notes = try root.strings("notes")
    let set = try root.object("sets")
    values = try Study.baseline(of: set)
    // A misspelt option is no empty preset.
    try set.finish()
    guard !values.isEmpty else {
      throw set.error("a preset that sets nothing", remedy: "write at least one option")
    }
    for option in Option.allCases where values[option] != nil && !Self.mayBeSet(option) {
      throw set.error(
        at: option.rawValue, "a preset sets techniques, not the \(option.rawValue)",
        remedy: "leave it out, and give --\(option.rawValue) beside the preset")
    }
    try root.finish()
  }

  /// Whether an option is a technique's: not what it is used on, nor the step.
  private static func mayBeSet(_ option: Option) -> Bool {
    ![.model, .chip, .runtime, .powerMode].contains(option) && !option.isStepOption
  }

  /// What it is, for `eaves techniques`.
  public var technique: Technique {
    let sets = Option.allCases.compactMap { option in
      values[option].map { "--\(option.rawValue) \($0)" }
    }
    return Technique(
      name: id, axis: .preset, form: "--attention \(id)", summary: summary,
      equation: sets.joined(separator: " "),
      conditions: notes
        + (isTrainedIn ? ["it means something only for a model trained with it"] : []),
      source: source)
  }
}
