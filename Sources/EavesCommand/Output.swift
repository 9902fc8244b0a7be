public import ArgumentParser
import Eaves
import EavesCatalog
public import EavesReport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where results go, and in which format.
struct OutputOptions: ParsableArguments {
  @ArgumentParser.Option(
    help: "table, csv, json, ndjson or markdown; from the ending of --output where not given.")
  var format: OutputFormat?

  @ArgumentParser.Option(
    help: ArgumentHelp("Write there instead, through a temporary file.", valueName: "file"))
  var output: String?

  /// The format asked for: `--format`, else the ending of the file, else a default.
  func format(or fallback: OutputFormat = .table) -> OutputFormat {
    if let format { return format }
    guard let output, let dot = output.lastIndex(of: ".") else { return fallback }
    switch output[output.index(after: dot)...] {
    case "csv": return .csv
    case "json": return .json
    case "ndjson", "jsonl": return .ndjson
    case "md": return .markdown
    default: return fallback
    }
  }
}

extension OutputFormat: ExpressibleByArgument {}

extension OutputOptions {
  /// Writes rows through columns, to standard output or the file.
  func emit<Row>(
    _ rows: [Row], columns: [Column<Row>], provenance: Provenance? = nil
  ) throws {
    let format = format()
    let document = format.document(of: rows, columns: columns, provenance: provenance)
    try emit(document.array, format, provenance: provenance)
  }

  /// Writes a document; provenance lies beside CSV and NDJSON files.
  func emit(_ bytes: [UInt8], _ format: OutputFormat, provenance: Provenance? = nil) throws {
    guard let output else {
      Output.print(bytes)
      return
    }
    // Both are known to be writable before either is seen.
    let file = try AtomicFile(path: output)
    let beside = provenance == nil ? nil : try provenanceFile(format)
    try file.append(bytes)
    if let provenance { try beside?.append(provenance.document.array) }
    try file.commit()
    try beside?.commit()
  }

  /// The file for the provenance beside a CSV or NDJSON file; none beside a device or a pipe.
  func provenanceFile(_ format: OutputFormat) throws -> AtomicFile? {
    guard let output, format == .csv || format == .ndjson, !output.hasPrefix("/dev/")
    else { return nil }
    var status = stat()
    if stat(output, &status) == 0, status.st_mode & S_IFMT != S_IFREG { return nil }
    return try AtomicFile(path: "\(output).provenance.json")
  }

  /// `--output ""` names nothing.
  func validate() throws {
    if output == "" { throw ValidationError("--output: no file is named; write its name") }
  }
}

/// Standard output and standard error.
enum Output {
  /// Writes a line to standard error.
  static func error(_ line: String) { write(Array("\(line)\n".utf8), to: 2) }

  /// Writes bytes to standard output.
  static func print(_ bytes: [UInt8]) { write(bytes, to: 1) }

  /// Writes a text to standard output.
  static func print(_ text: String) { write(Array("\(text)\n".utf8), to: 1) }

  /// Writes all bytes to a file descriptor; a closed pipe ends the process quietly.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { write($0, to: descriptor) }
  }

  /// Writes all bytes to a file descriptor; a closed pipe ends the process quietly.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { exit(0) }
        if descriptor != 2 { error("eaves: standard output: cannot write; is the disk full?") }
        exit(73)
      }
      rest = rest.dropFirst(count)
    }
  }

  private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }
}

extension Output {
  /// Says on standard error which configurations were left out, and why.
  static func report(_ refused: [Sweep.Refused]) {
    for item in refused {
      let what = item.count == 1 ? "one configuration" : "\(item.count) configurations"
      error("left out \(what): \(item.error.description)")
    }
  }
}
