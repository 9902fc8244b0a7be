/// Comma-separated values as RFC 4180 has them, and nothing that other readers let pass.
///
/// Lines end with a line feed, or with a carriage return and a line feed. A field in double quotes may hold
/// commas, line breaks and, written twice, quotes. Refused with a message of its own: a quote inside a bare
/// field, anything between a closing quote and the comma, a quote that is not closed, a lone carriage
/// return, control characters, a byte-order mark, text that is not UTF-8.
public struct CSVParser {
  /// The largest file that is read.
  public static let largestSize = JSONParser.largestSize

  private let bytes: [UInt8]
  private let file: String
  private var index = 0
  private var line = 1
  /// Where the line begins, moved on by one for each continuation byte of UTF-8 in it.
  private var lineStart = 0

  private init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// Reads a whole file.
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: Its name, for messages.
  /// - Returns: The records, the header first; none where the file is empty.
  /// - Throws: `DataError` at the first thing that is no strict CSV.
  public static func parse(_ bytes: [UInt8], file: String) throws(DataError) -> [[CSVField]] {
    guard bytes.count <= largestSize else {
      throw DataError(
        file: file, "has \(bytes.count) bytes", remedy: "at most \(largestSize) are read")
    }
    var parser = CSVParser(bytes, file: file)
    guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
      throw parser.error("a byte-order mark", remedy: "save the file as UTF-8 without one")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw DataError(file: file, "text that is not UTF-8", remedy: "save the file as UTF-8")
    }
    var records: [[CSVField]] = []
    while parser.index < bytes.count { records.append(try parser.record()) }
    return records
  }

  /// The fields up to the end of a line, which is passed over.
  private mutating func record() throws(DataError) -> [CSVField] {
    var fields: [CSVField] = []
    while true {
      fields.append(current == Self.quote ? try quotedField() : try bareField())
      guard current == UInt8(ascii: ",") else { break }
      index += 1
    }
    if current == 0x0D { index += 1 }
    if current == 0x0A { passLineFeed() }
    return fields
  }

  private mutating func bareField() throws(DataError) -> CSVField {
    let (start, place) = (index, position)
    while let byte = current, byte != UInt8(ascii: ","), !isLineEnd {
      guard byte != Self.quote else {
        throw error(
          "a double quote inside a field without quotes",
          remedy: "put the field in double quotes and write each quote in it twice")
      }
      try passCharacter(byte)
    }
    return CSVField(text: text(from: start), position: place, isVerbatim: true)
  }

  private mutating func quotedField() throws(DataError) -> CSVField {
    let opening = position
    index += 1
    let place = position
    var (start, result, isVerbatim) = (index, "", true)
    while let byte = current {
      if byte == Self.quote {
        result += text(from: start)
        index += 1
        guard current == Self.quote else {
          guard current == nil || current == UInt8(ascii: ",") || isLineEnd else {
            throw error(
              "text after a closing quote", remedy: "write a quote inside a field twice")
          }
          return CSVField(text: result, position: place, isVerbatim: isVerbatim)
        }
        (start, isVerbatim) = (index, false)
        index += 1
      } else if byte == 0x0A {
        isVerbatim = false
        passLineFeed()
      } else if byte == 0x0D, isLineEnd {
        index += 1
      } else {
        try passCharacter(byte)
      }
    }
    throw DataError(
      file: file, at: opening, "a field in quotes that does not end",
      remedy: "close it with a double quote")
  }

  private mutating func passCharacter(_ byte: UInt8) throws(DataError) {
    guard byte >= 0x20 || byte == 0x09, byte != 0x7F else {
      throw error("a control character", remedy: "remove it; lines end with a line feed")
    }
    if byte & 0xC0 == 0x80 { lineStart += 1 }
    index += 1
  }

  private mutating func passLineFeed() {
    index += 1
    line += 1
    lineStart = index
  }

  private static let quote = UInt8(ascii: "\"")

  /// The byte at `index`; nil at the end of the file.
  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// Whether a line feed, or a carriage return before one, stands at `index`.
  private var isLineEnd: Bool {
    current == 0x0A || current == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
  }

  private var position: TextPosition { TextPosition(line: line, column: index - lineStart + 1) }

  private func text(from start: Int) -> String {
    String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private func error(_ problem: String, remedy: String) -> DataError {
    DataError(file: file, at: position, problem, remedy: remedy)
  }
}
