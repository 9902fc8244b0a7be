/// A text as a Swift string literal that is the same byte for byte.
///
/// Raw, over several lines, with more number signs than the text has in a row, so that nothing in it ends the
/// literal or begins an escape. A literal turns a carriage return into a line feed, and other control
/// characters do not compile: a text that holds any is escaped instead.
func literal(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{7F}" || $0 == "\n" }
  guard isPlain else { return escapedLiteral(text) }
  var longest = 0
  var run = 0
  for byte in text.utf8 {
    run = byte == UInt8(ascii: "#") ? run + 1 : 0
    longest = max(longest, run)
  }
  let fence = String(repeating: "#", count: longest + 1)
  return "\(fence)\"\"\"\n\(text)\n\"\"\"\(fence)"
}

/// A text as a literal on one line, with everything but plain ASCII escaped.
func escapedLiteral(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case " "..."~": result.unicodeScalars.append(scalar)
    default: result += "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
  return result + "\""
}
