/// Moving through the bytes, and saying what stands there.
extension JSONParser {
  /// The byte at `index`; nil at the end of the file.
  var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// Where `index` stands.
  var position: TextPosition { TextPosition(line: line, column: index - lineStart + 1) }

  /// An error at `index`.
  func error(_ problem: String, remedy: String = "") -> DataError {
    DataError(file: file, at: position, problem, remedy: remedy)
  }

  /// What stands at `index`, in words.
  var here: String {
    guard index < bytes.count else { return "the file ends" }
    if bytes[index] == UInt8(ascii: "/"), index + 1 < bytes.count,
      [UInt8(ascii: "/"), UInt8(ascii: "*")].contains(bytes[index + 1])
    {
      return "a comment (JSON has none)"
    }
    if bytes[index] == UInt8(ascii: "#") { return "a comment (JSON has none)" }
    guard let length = characterLength(at: index) else { return "bytes that are not UTF-8" }
    return quoted(String(decoding: bytes[index..<(index + length)], as: UTF8.self))
  }

  /// Passes over a character, if it stands here.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  mutating func skipSpace() {
    while let byte = current {
      switch byte {
      case 0x0A:
        line += 1
        lineStart = index + 1
      case 0x20, 0x09, 0x0D: break
      default: return
      }
      index += 1
    }
  }

  /// The text from `start` to `index`, which has been found to be UTF-8.
  func text(from start: Int) -> String {
    String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// Byte-order marks and UTF-16 are refused, and said to be what they are.
  func refuseOtherEncodings() throws(DataError) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw error("a byte-order mark", remedy: "save the file as UTF-8 without one")
    }
    let isUTF16 =
      bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      || bytes.prefix(2).contains(0) && bytes.count > 1
    if isUTF16 {
      throw error("text that is not UTF-8 (UTF-16?)", remedy: "save the file as UTF-8")
    }
  }
}
