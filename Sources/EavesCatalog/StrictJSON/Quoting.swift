/// A text as an error message shows it: in quotes, on one line, and not longer than a message may be.
func quoted(_ text: some StringProtocol) -> String {
  "\"\(shortened(text))\""
}

/// The beginning of a text, made printable.
func shortened(_ text: some StringProtocol, to limit: Int = 60) -> String {
  let scalars = text.unicodeScalars
  guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
    end != scalars.endIndex
  else { return printable(String(text)) }
  return printable(String(text[..<end])) + "…"
}

/// A text with what would break the line, move the cursor or hide itself written as `\u{…}`.
func printable(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where isHidden(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse,
    .surrogate:
    true
  default: false
  }
}
