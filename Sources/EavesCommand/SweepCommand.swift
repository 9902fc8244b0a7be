import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport

/// `eaves sweep`: the whole cross product of a study, streamed.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run every configuration of a study, row by row.",
    discussion: """
      A study is a JSON file: options without dashes, each a value, a list or a range, with a \
      question, a baseline and budgets. Rows are streamed, so memory does not grow with their number.

      EXAMPLE: eaves sweep batch-1-to-64 --output batch.csv
      """)

  @Argument(help: "A shipped study, or a path to one of your own.")
  var study: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    let resolver = Resolver()
    let study = try resolver.study(self.study)
    let sweep = Sweep(study)
    let columns = try ResultColumns.selected(by: study, named: self.study)
    let format = output.format(or: .csv)
    let sink = try RowSink(output)
    // A name that leads nowhere is found before the first row, and JSON names its sources first.
    try blaming(self.study) { try sweep.resolveAll(resolver) }
    var writer = RowWriter(format, columns: columns, provenance: resolver.provenance)
    var buffer = ByteBuffer(capacity: 1 << 16)
    var progress = Progress(total: sweep.count, unit: "rows")
    var done = 0
    writer.begin(into: &buffer)
    let refused = try blaming(self.study) {
      try sweep.run(resolver) { row in
        writer.row(row, into: &buffer)
        done += 1
        if buffer.count > 1 << 16 { try sink.write(&buffer) }
        progress.update(done)
      }
    }
    writer.end(into: &buffer)
    try sink.write(&buffer)
    progress.finish()
    try sink.commit(resolver.provenance)
    Output.report(refused)
  }
}

/// Runs a body; an option's value that only a chip shows to be wrong is bad data in the study's file.
func blaming<Result>(_ study: String, _ body: () throws -> Result) throws -> Result {
  func blamed(_ error: OptionError) -> DataError {
    DataError(file: study, field: error.option.rawValue, error.problem, remedy: error.remedy)
  }
  do {
    return try body()
  } catch let error as OptionError {
    throw blamed(error)
  } catch PlanError.option(let error) {
    throw blamed(error)
  } catch PlanError.refused(let error) {
    throw blamed(error)
  }
}

/// Standard output, or a file that appears whole or not at all.
struct RowSink {
  private let file: AtomicFile?
  private let provenance: AtomicFile?

  init(_ options: OutputOptions) throws {
    file = try options.output.map { (path) throws(DataError) in try AtomicFile(path: path) }
    provenance = try options.provenanceFile(options.format(or: .csv))
  }

  /// Empties a buffer.
  func write(_ buffer: inout ByteBuffer) throws {
    if let file {
      try file.append(buffer.array)
    } else {
      buffer.withUnsafeBytes { Output.write($0, to: 1) }
    }
    buffer.removeAll()
  }

  /// Puts the file in its place, and its provenance beside it.
  func commit(_ provenance: Provenance) throws {
    try self.provenance?.append(provenance.document.array)
    try file?.commit()
    try self.provenance?.commit()
  }
}

extension ResultColumns {
  /// The columns of a study, or all with those of a request where a study names none.
  static func selected(by study: Study, named file: String) throws -> [Column<ResultRow>] {
    guard !study.columns.isEmpty else { return columns(withRequest: study.axes.haveRequest) }
    let known = all + requestColumns
    return try study.columns.map { name in
      guard let column = known.first(where: { $0.name == name }) else {
        let near = Suggestion.nearest(name, among: known.map { $0.name })
        throw DataError(
          file: file, field: "columns", "there is no column \"\(name)\"",
          remedy: near.isEmpty
            ? "write names of result columns"
            : "did you mean \(near.joined(separator: ", "))?")
      }
      return column
    }
  }
}
