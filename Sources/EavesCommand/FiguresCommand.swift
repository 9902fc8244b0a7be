import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport

/// `eaves validate figures`: published figures, computed and held to their tolerances.
struct FiguresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures",
    abstract: "Compute published figures; exit 1 where one is outside its tolerance.",
    discussion: """
      Each figure has an expression: columns and quantities of configurations, and arithmetic. \
      docs/validation.md describes both, and the file.

      EXAMPLE: eaves validate figures --format csv
      """)

  @ArgumentParser.Option(
    help: ArgumentHelp("A table of one's own instead of the shipped one.", valueName: "file"))
  var file: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let resolver = Resolver()
    let figures = try resolver.figures(path: file)
    let evaluator = FigureEvaluator(resolver, columns: .results)
    let results = try figures.map { (figure) throws(DataError) in try evaluator.check(figure) }
    let isTable = output.format() == .table
    try output.emit(
      results, columns: isTable ? FigureResult.tableColumns : FigureResult.columns,
      provenance: resolver.provenance)
    Output.error(Self.summary(of: results))
    if results.contains(where: { $0.verdict == .failed }) { throw ExitCode(1) }
  }

  /// How many figures have each verdict.
  static func summary(of results: [FigureResult]) -> String {
    let counts = FigureVerdict.allCases.map { verdict in
      "\(results.filter { $0.verdict == verdict }.count) \(verdict.rawValue)"
    }
    let noun = results.count == 1 ? "figure" : "figures"
    return "\(results.count) \(noun): \(counts.joined(separator: ", "))"
  }

  func validate() throws {
    if file == "" { throw ValidationError("--file: no file is named; write its name") }
  }
}

extension RowColumns {
  /// The columns of results, as every report has them.
  static let results: RowColumns = {
    let columns = ResultColumns.all + ResultColumns.requestColumns
    let byName = Dictionary(columns.map { ($0.name, $0) }) { first, _ in first }
    return RowColumns(names: columns.map(\.name)) { name, row in
      switch byName[name]?.value(row) ?? .missing {
      case .number(let value): .number(value)
      case .integer(let value): .number(Double(value))
      case .boolean(let value): .number(value ? 1 : 0)
      case .text: .text
      case .missing: .missing
      }
    }
  }()
}
