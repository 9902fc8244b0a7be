/// A JSON document as the shipped profiles are written: two spaces, keys in the order given.
indirect enum JSONText {
  case object([(key: String, value: JSONText)])
  case array([JSONText])
  case string(String)
  case integer(Int)
  case boolean(Bool)

  /// The text, without a line break at the end.
  func text(indented by: String = "") -> String {
    let inner = by + "  "
    switch self {
    case .string(let text): return Self.quoted(text)
    case .integer(let number): return "\(number)"
    case .boolean(let value): return value ? "true" : "false"
    case .object(let members):
      let lines = members.map {
        inner + Self.quoted($0.key) + ": " + $0.value.text(indented: inner)
      }
      return Self.block("{", lines, "}", by)
    case .array(let members):
      return Self.block("[", members.map { inner + $0.text(indented: inner) }, "]", by)
    }
  }

  private static func block(_ open: String, _ lines: [String], _ close: String, _ indent: String)
    -> String
  {
    lines.isEmpty
      ? open + close : "\(open)\n\(lines.joined(separator: ",\n"))\n\(indent)\(close)"
  }

  /// A text in quotes, escaped as RFC 8259 asks.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
