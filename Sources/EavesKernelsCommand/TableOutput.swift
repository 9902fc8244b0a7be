import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport

/// How rows are written, and where.
struct TableOutput: ParsableArguments {
  @ArgumentParser.Option(help: "table, csv, json, ndjson or markdown.")
  var format: String = "table"

  @ArgumentParser.Option(
    help: ArgumentHelp("Write there instead, through a temporary file.", valueName: "file"))
  var output: String?

  func validate() throws {
    guard OutputFormat(rawValue: format) != nil else {
      throw ValidationError(
        "--format: \"\(format)\" is none of table, csv, json, ndjson, markdown")
    }
  }

  /// The file to write to, opened before any work is done; `nil` for standard output.
  func target() throws -> AtomicFile? { try output.map { path in try AtomicFile(path: path) } }

  /// Writes rows, with what they were made from.
  func emit<Row>(
    _ rows: [Row], columns: [Column<Row>], inputs: [Provenance.Input], to target: AtomicFile?
  ) throws {
    let provenance = Provenance(
      version: "0.1.0",
      command: (["eaves"] + CommandLine.arguments.dropFirst()).joined(separator: " "),
      inputs: inputs)
    let format = OutputFormat(rawValue: format) ?? .table
    let bytes = format.document(of: rows, columns: columns, provenance: provenance).array
    if let target {
      try target.append(bytes)
      try target.commit()
    } else {
      print(String(decoding: bytes, as: UTF8.self), terminator: "")
    }
  }
}

extension Model {
  /// Says on standard error that a file that is quantised already is no reference for what it lost before.
  func noteStoredLoss() {
    guard let stored, stored.isQuantised else { return }
    StandardError.line(
      "note: held against weights as stored in \(stored.name): what they lost before is not in it")
  }
}
