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
      A study is a JSON file: options without dashes, each a value, a list or a range, with a question, a
      baseline and budgets. Rows are streamed, so memory does not grow with their number.

      EXAMPLE: eaves sweep batch-1-to-64 --output batch.csv
      """)

  @Argument(help: "A shipped study, or a path to one of your own.")
  var study: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    let resolver = Resolver()
    let study = try resolver.study(self.study)
    let sweep = Sweep(study)
    let columns = try ResultColumns.selected(study.columns, study: self.study)
    let format = output.format(or: .csv)
    let sink = try RowSink(output)
    // What the rows come from is known once they are made; JSON names it first, so it runs dry before.
    if format == .json { try sweep.resolveAll(resolver) }
    var writer = RowWriter(format, columns: columns, provenance: resolver.provenance)
    var buffer = ByteBuffer(capacity: 1 << 16)
    var progress = Progress(total: sweep.count, unit: "rows")
    var done = 0
    writer.begin(into: &buffer)
    try sweep.run(resolver) { row in
      writer.row(row, into: &buffer)
      done += 1
      if buffer.count > 1 << 16 { try sink.write(&buffer) }
      progress.update(done)
    }
    writer.end(into: &buffer)
    try sink.write(&buffer)
    progress.finish()
    try sink.commit()
    try output.writeProvenance(resolver.provenance, format)
  }
}

/// Standard output, or a file that appears whole or not at all.
struct RowSink {
  private let file: AtomicFile?

  init(_ options: OutputOptions) throws {
    file = try options.output.map { (path) throws(DataError) in try AtomicFile(path: path) }
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

  func commit() throws { try file?.commit() }
}

extension ResultColumns {
  /// The columns of a study, or all with those of a request where a study names none.
  static func selected(_ names: [String], study: String) throws -> [Column<ResultRow>] {
    guard !names.isEmpty else { return all }
    let known = all + requestColumns
    return try names.map { name in
      guard let column = known.first(where: { $0.name == name }) else {
        let near = Suggestion.nearest(name, among: known.map { $0.name })
        throw DataError(
          file: study, field: "columns", "there is no column \"\(name)\"",
          remedy: near.isEmpty ? "write names of result columns"
            : "did you mean \(near.joined(separator: ", "))?")
      }
      return column
    }
  }
}
