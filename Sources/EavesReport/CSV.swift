extension Syntax {
  /// Comma-separated values: one header line, then one row a line (RFC 4180, with line feeds).
  static func csv(_ names: [String]) -> Syntax {
    Syntax(
      head: bytes { buffer in
        for (index, name) in names.enumerated() {
          if index > 0 { buffer.append(",") }
          buffer.appendCSV(name)
        }
        buffer.append("\n")
      },
      leads: names.indices.map { $0 == 0 ? [] : [UInt8(ascii: ",")] },
      rowEnd: [UInt8(ascii: "\n")],
      text: { text, buffer in buffer.appendCSV(text) })
  }
}

extension ByteBuffer {
  /// Appends a text as one CSV field, quoted only where it must be.
  mutating func appendCSV(_ text: String) {
    var text = text
    guard text.withUTF8({ $0.contains(where: isSpecialInCSV) }) else { return append(text) }
    append("\"")
    append(text, where: { $0 == UInt8(ascii: "\"") }, becomes: { _ in "\"\"" })
    append("\"")
  }
}

private func isSpecialInCSV(_ byte: UInt8) -> Bool {
  // The comma is the largest of them: one comparison for a letter.
  byte <= UInt8(ascii: ",")
    && (byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: "\r"))
}
