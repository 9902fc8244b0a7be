extension Syntax {
  /// One object with the provenance and the rows, one row a line.
  static func json(_ names: [String], provenance: Provenance?) -> Syntax {
    Syntax(
      head: bytes { buffer in
        buffer.append("{\"provenance\": ")
        if let provenance { buffer.append(provenance) } else { buffer.append("null") }
        buffer.append(",\n\"rows\": [\n")
      },
      separator: Array(",\n".utf8),
      tail: Array("\n]}\n".utf8),
      rowStart: [UInt8(ascii: "{")],
      leads: keys(names),
      rowEnd: [UInt8(ascii: "}")],
      missing: Array("null".utf8),
      text: { text, buffer in buffer.appendJSON(text) })
  }

  /// One object a line.
  static func ndjson(_ names: [String]) -> Syntax {
    Syntax(
      rowStart: [UInt8(ascii: "{")],
      leads: keys(names),
      rowEnd: Array("}\n".utf8),
      missing: Array("null".utf8),
      text: { text, buffer in buffer.appendJSON(text) })
  }

  /// What comes before each value of an object: `"chip":`, then `,"batch":` and so on.
  private static func keys(_ names: [String]) -> [[UInt8]] {
    names.enumerated().map { index, name in
      bytes { buffer in
        if index > 0 { buffer.append(",") }
        buffer.appendJSON(name)
        buffer.append(":")
      }
    }
  }
}

extension ByteBuffer {
  /// Appends a text as a JSON string.
  mutating func appendJSON(_ text: String) {
    append(UInt8(ascii: "\""))
    append(text, where: isSpecialInJSON) { byte in
      switch byte {
      case UInt8(ascii: "\""): "\\\""
      case UInt8(ascii: "\\"): "\\\\"
      case UInt8(ascii: "\n"): "\\n"
      case UInt8(ascii: "\r"): "\\r"
      case UInt8(ascii: "\t"): "\\t"
      default: "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))"
      }
    }
    append(UInt8(ascii: "\""))
  }
}

private func isSpecialInJSON(_ byte: UInt8) -> Bool {
  byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
}
