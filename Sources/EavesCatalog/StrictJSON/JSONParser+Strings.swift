extension JSONParser {
  /// A string; `index` stands on its opening quote.
  mutating func string() throws(DataError) -> String {
    let opening = position
    index += 1
    var start = index
    var result = ""
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        // One run without escapes is the common case: no copy is made of it.
        let rest = text(from: start)
        index += 1
        return result.isEmpty ? rest : result + rest
      case UInt8(ascii: "\\"):
        result += text(from: start)
        result.unicodeScalars.append(try escape())
        start = index
      case 0..<0x20:
        throw error(
          byte == 0x0A ? "a line break inside a string" : "a control character inside a string",
          remedy: "write it as \(escapeSequence(byte)), or close the string with a double quote")
      case 0..<0x80: index += 1
      default: try skipCharacter()
      }
    }
    throw DataError(
      file: file, at: opening, "a string that does not end", remedy: "close it with a double quote")
  }

  /// What a backslash stands for; `index` stands on the backslash.
  private mutating func escape() throws(DataError) -> Unicode.Scalar {
    let start = position
    index += 1
    guard let byte = current else { throw error("the file ends inside a string") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try escapedScalar(from: start)
    default:
      throw DataError(
        file: file, at: start, "an unknown escape in a string",
        remedy: "write \\\\ for a backslash")
    }
  }

  private mutating func escapedScalar(from start: TextPosition) throws(DataError) -> Unicode.Scalar
  {
    let first = try hexadecimal(from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xDC00, take("\\"), take("u") {
      let second = try hexadecimal(from: start)
      if (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw DataError(
      file: file, at: start, "half of a surrogate pair in a string",
      remedy: "write the character itself")
  }

  private mutating func hexadecimal(from start: TextPosition) throws(DataError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw DataError(
          file: file, at: start, "an incomplete escape in a string",
          remedy: "write \\u and four hexadecimal digits")
      }
      value = value << 4 + UInt32(digit)
      index += 1
    }
    return value
  }

  /// Passes over one character of several bytes, which must be well-formed UTF-8.
  private mutating func skipCharacter() throws(DataError) {
    guard let length = characterLength(at: index) else {
      throw error("bytes that are not UTF-8", remedy: "save the file as UTF-8")
    }
    index += length
    lineStart += length - 1
  }

  /// The bytes of a well-formed UTF-8 character that begins at `start`: no overlong forms, no surrogates.
  func characterLength(at start: Int) -> Int? {
    let second: ClosedRange<UInt8>
    let length: Int
    switch bytes[start] {
    case 0..<0x80: return 1
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard start + length <= bytes.count, second.contains(bytes[start + 1]) else { return nil }
    return bytes[(start + 1)..<(start + length)].allSatisfy { $0 & 0xC0 == 0x80 } ? length : nil
  }

  private func escapeSequence(_ byte: UInt8) -> String {
    switch byte {
    case 0x09: return "\\t"
    case 0x0A: return "\\n"
    case 0x0D: return "\\r"
    default:
      let digits = String(byte, radix: 16, uppercase: true)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}
