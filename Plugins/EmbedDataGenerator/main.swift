#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// EmbedDataGenerator OUTPUT ROOT --TABLE FILE… --TABLE FILE…
//
// Writes one Swift file with a static table for each `--TABLE`: id, aliases and text of each file.
// Only JSON files hold an id and aliases; others are known by their names.
// Run by the EmbedData plugin; the files are named relative to ROOT.

/// Ends the build with one line that Xcode and SwiftPM show as an error.
func fail(_ message: String) -> Never {
  let line = Array("error: \(message)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  exit(1)
}

func readFile(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return ferror(file) == 0 ? bytes : nil }
    bytes += buffer[..<count]
  }
}

func writeFile(_ text: String, to path: String) -> Bool {
  guard let file = fopen(path, "wb") else { return false }
  let bytes = Array(text.utf8)
  let written = fwrite(bytes, 1, bytes.count, file)
  return fclose(file) == 0 && written == bytes.count
}

/// One element of a table.
func entry(_ file: String, in root: String) -> String {
  guard let bytes = readFile("\(root)/\(file)") else { fail("\(file) cannot be read") }
  guard let text = String(validating: bytes, as: UTF8.self) else { fail("\(file) is not UTF-8") }
  let names = file.hasSuffix(".json") ? Names(in: bytes) : Names()
  let name = file.split(separator: "/").last.map(String.init) ?? file
  let stem = name.split(separator: ".").dropLast().joined(separator: ".")
  let aliases = names.aliases.map { escapedLiteral($0) }.joined(separator: ", ")
  return """
        EmbeddedFile(
          id: \(escapedLiteral(names.id ?? stem)), aliases: [\(aliases)],
          path: \(escapedLiteral(file)),
          text: \(literal(text))),

    """
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { fail("usage: EmbedDataGenerator OUTPUT ROOT --TABLE FILE…") }
var source = """
  /// The shipped data; written by EmbedDataGenerator from the files of the package.
  enum EmbeddedData {

  """
var isOpen = false
for argument in arguments.dropFirst(3) {
  if argument.hasPrefix("--") {
    source += isOpen ? "  ]\n" : ""
    source += "  static let \(argument.dropFirst(2)): [EmbeddedFile] = [\n"
    isOpen = true
  } else {
    source += entry(argument, in: arguments[2])
  }
}
source += isOpen ? "  ]\n}\n" : "}\n"
guard writeFile(source, to: arguments[1]) else { fail("\(arguments[1]) cannot be written") }
