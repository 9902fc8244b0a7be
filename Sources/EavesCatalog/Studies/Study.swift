public import Eaves

/// A sweep that a user can run and edit: axes, a baseline, budgets, and the question it asks.
public struct Study: Sendable {
  /// What the study is about, in one sentence.
  public var question: String
  public var axes: [Axis]
  /// Values that replace those of a configuration to make its baseline.
  public var baseline: [Option: String]
  public var budgets: Budgets
  /// What a search makes small or large; its own choice where empty.
  public var objectives: [Objective]
  /// The columns to write; all where empty.
  public var columns: [String]

  /// Reads a study (schema version 1, `docs/schema/study.schema.json`).
  /// - Parameters:
  ///   - bytes: The file.
  ///   - file: Its name in messages.
  /// - Throws: `DataError` naming line, field, value and remedy.
  public init(parsing bytes: [UInt8], file: String) throws(DataError) {
    let reader = try ObjectReader(parsing: bytes, file: file)
    try reader.requireSchema(1)
    question = try reader.string("question")
    axes = []
    for option in Option.allCases {
      if let axis = try Self.axis(option, in: reader) { axes.append(axis) }
    }
    for required in [Option.model, .chip] where !axes.contains(where: { $0.option == required }) {
      _ = try reader.string(required.rawValue)
    }
    axes = try Self.reshaped(axes, in: reader)
    let count = Grid(axes).count
    guard count <= Grid.largestCount else {
      throw reader.error(
        "the axes make more than \(Grid.largestCount) configurations", remedy: "shorten the lists")
    }
    baseline = try Self.baseline(in: reader)
    budgets = try Self.budgets(in: reader)
    objectives = try Self.objectives(in: reader)
    columns = try reader.strings("columns")
    try reader.finish()
  }
}
