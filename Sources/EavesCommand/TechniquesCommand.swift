import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport

/// `eaves techniques`: what the axes of a configuration can name, with equations, conditions and sources.
struct TechniquesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "techniques",
    abstract: "Techniques and presets: how each is written, what it counts, when it makes sense.",
    discussion: "EXAMPLE: eaves techniques show longformer",
    subcommands: [List.self, Show.self, Conditions.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List all techniques, or those of an axis.",
      discussion: "EXAMPLE: eaves techniques list --axis cache")

    @ArgumentParser.Option(
      help: "\(TechniquesCommand.axes.map(\.rawValue).joined(separator: ", ")).")
    var axis: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
      let axis = try TechniquesCommand.axis(axis)
      let resolver = Resolver()
      let rows = try resolver.techniques().filter { axis == nil || $0.axis == axis }
      let columns = Technique.listColumns
      try output.emit(
        rows, columns: output.format() == .table ? columns.dropLast() : columns,
        provenance: resolver.provenance)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one technique: form, equation, conditions, source, guide.",
      discussion: """
        A name that several axes use shows each of them.

        EXAMPLE: eaves techniques show streamingllm
        """)

    @Argument(help: "A technique, a shipped preset, or the path of a preset.")
    var technique: String

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let techniques = try resolver.techniques(named: technique)
      if output.format() == .table {
        try output.emit(techniques.flatMap(\.facts), columns: Fact.columns)
      } else {
        try output.emit(
          techniques, columns: Technique.columns, provenance: resolver.provenance)
      }
    }
  }

  struct Conditions: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List what is asked of every configuration before it is costed.",
      discussion: "EXAMPLE: eaves techniques conditions")

    @OptionGroup var output: OutputOptions

    func run() throws {
      try output.emit(
        Validity.predicates,
        columns: [.text("condition") { $0.name }, .text("sentence") { $0.sentence }])
    }
  }

  /// The axes that have members, in their order, and presets.
  static let axes = Technique.Axis.allCases.filter { axis in
    axis == .preset || TechniqueList.techniques.contains { $0.axis == axis }
  }

  /// The axis of a word; `nil` for none.
  private static func axis(_ text: String?) throws -> Technique.Axis? {
    guard let text else { return nil }
    if let axis = axes.first(where: { $0.rawValue == text.lowercased() }) { return axis }
    throw ValidationError(
      "--axis: \"\(text)\" is no axis of techniques; "
        + "write \(axes.map(\.rawValue).joined(separator: ", "))")
  }
}

extension Technique {
  /// The columns of a list; a table for people has no room for the last.
  fileprivate static let listColumns: [Column<Technique>] = [
    .text("name") { $0.name }, .text("axis") { $0.axis.rawValue }, .text("form") { $0.form },
    .text("summary") { $0.summary }, .text("source") { $0.source },
  ]

  /// Everything known.
  fileprivate static let columns: [Column<Technique>] = [
    .text("name") { $0.name }, .text("axis") { $0.axis.rawValue }, .text("form") { $0.form },
    .text("summary") { $0.summary }, .text("equation") { $0.equation },
    .text("conditions") { $0.conditionText }, .text("source") { $0.source },
    .text("guide") { $0.guide },
  ]

  /// The conditions in one cell.
  private var conditionText: String? {
    let texts = conditions.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }

  /// The same for a table, a condition a line.
  fileprivate var facts: [Fact] {
    let head = [
      ("name", name), ("axis", axis.rawValue), ("form", form), ("summary", summary),
      ("equation", equation),
    ]
    let facts =
      head + conditions.map { ("condition", $0) } + [("source", source), ("guide", guide)]
    return facts.map { Fact(field: $0.0, value: $0.1) }
  }
}
