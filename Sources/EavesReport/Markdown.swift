extension Syntax {
  /// A table as GitHub renders it: numbers are lined up on the right.
  static func markdown(_ names: [String], _ alignments: [ColumnAlignment]) -> Syntax {
    Syntax(
      head: bytes { buffer in
        for name in names {
          buffer.append("| ")
          buffer.appendMarkdown(name)
          buffer.append(" ")
        }
        buffer.append("|\n")
        for side in alignments { buffer.append(side == .right ? "| ---: " : "| --- ") }
        buffer.append("|\n")
      },
      rowStart: Array("| ".utf8),
      leads: names.indices.map { Array(($0 == 0 ? "" : " | ").utf8) },
      rowEnd: Array(" |\n".utf8),
      text: { text, buffer in buffer.appendMarkdown(text) })
  }
}

extension ByteBuffer {
  /// Appends a text as one cell of a Markdown table: on one line, and shown as it is written.
  mutating func appendMarkdown(_ text: String) {
    append(text, where: isSpecialInMarkdown) { byte in
      byte < 0x20 ? " " : "\\\(Unicode.Scalar(byte))"
    }
  }
}

private func isSpecialInMarkdown(_ byte: UInt8) -> Bool {
  switch byte {
  case 0..<0x20, UInt8(ascii: "|"), UInt8(ascii: "\\"), UInt8(ascii: "*"), UInt8(ascii: "`"),
    UInt8(ascii: "<"), UInt8(ascii: "["):
    true
  default: false
  }
}
