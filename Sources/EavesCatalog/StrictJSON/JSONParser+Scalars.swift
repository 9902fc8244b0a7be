extension JSONParser {
  /// A number, as it is written.
  mutating func number() throws(DataError) -> String {
    let start = index
    _ = take("-")
    if take("0") {
      guard !isDigit(current) else {
        throw error("a number with a leading zero", remedy: "remove the zero")
      }
    } else {
      try digits(in: start)
    }
    if take(".") { try digits(in: start) }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits(in: start)
    }
    return text(from: start)
  }

  private mutating func digits(in start: Int) throws(DataError) {
    guard isDigit(current) else {
      guard current != UInt8(ascii: "I") else {
        throw error("an infinity", remedy: "write a finite number")
      }
      throw error("\(here) after \(text(from: start)), where a digit must stand")
    }
    while isDigit(current) { index += 1 }
  }

  /// `true`, `false` or `null`; everything else is an error that says what it is.
  mutating func word() throws(DataError) -> JSONNode.Value {
    let start = position
    let first = index
    while let byte = current, isWordByte(byte) { index += 1 }
    let word = text(from: first)
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    case "":
      throw error("\(here) where a value must stand", remedy: remedyForSymbol)
    default:
      throw DataError(
        file: file, at: start, "\(shortened(word)) where a value must stand",
        remedy: remedy(forWord: word))
    }
  }

  private var remedyForSymbol: String {
    switch current {
    case UInt8(ascii: "'"): "strings stand in double quotes"
    case UInt8(ascii: "+"): "write the number without the plus sign"
    case UInt8(ascii: "."): "write a digit before the point"
    default: ""
    }
  }

  private func remedy(forWord word: String) -> String {
    switch word.lowercased() {
    case "nan", "infinity", "inf": "write a finite number, or leave the key out"
    case "true", "false", "null": "write it in small letters"
    case "none", "undefined": "leave the key out"
    default: "strings stand in double quotes"
    }
  }

  func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
