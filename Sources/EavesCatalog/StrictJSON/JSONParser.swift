/// The strict JSON of RFC 8259, and nothing that other readers let pass.
///
/// Refused with a message of its own: a key that stands twice in one object, a trailing comma, a comment,
/// anything after the value, a byte-order mark, UTF-16, text that is not UTF-8, control characters in
/// strings, half of a surrogate pair, NaN and infinities. Depth, size and the number of values are limited,
/// so that no input exhausts the stack or the memory.
public struct JSONParser {
  /// The largest file that is read.
  public static let largestSize = 16 << 20
  /// How deep lists and objects may stand in each other.
  public static let deepest = 64
  /// The most values in one file.
  public static let mostValues = 1_000_000

  let bytes: [UInt8]
  let file: String
  var index = 0
  var line = 1
  /// Where the line begins, moved on by one for each continuation byte of UTF-8 in it: what is left
  /// between it and `index` are characters.
  var lineStart = 0
  private var values = 0

  private init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// Reads a whole file.
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: Its name, for messages.
  /// - Returns: The outermost value.
  /// - Throws: `DataError` at the first thing that is not strict JSON.
  public static func parse(_ bytes: [UInt8], file: String) throws(DataError) -> JSONNode {
    guard bytes.count <= largestSize else {
      throw DataError(
        file: file, "has \(bytes.count) bytes", remedy: "at most \(largestSize) are read")
    }
    var parser = JSONParser(bytes, file: file)
    try parser.refuseOtherEncodings()
    parser.skipSpace()
    guard parser.index < bytes.count else {
      throw DataError(file: file, "is empty", remedy: "write a JSON object, { … }")
    }
    let node = try parser.node(depth: 0)
    parser.skipSpace()
    guard parser.index == bytes.count else {
      throw parser.error("\(parser.here) after the end of the value", remedy: "remove it")
    }
    return node
  }

  /// One value; recursion ends at `deepest`.
  private mutating func node(depth: Int) throws(DataError) -> JSONNode {
    let start = position
    values += 1
    guard values <= Self.mostValues else {
      throw error("more than \(Self.mostValues) values", remedy: "split the file")
    }
    switch current {
    case UInt8(ascii: "{"): return JSONNode(try object(depth: depth + 1), at: start)
    case UInt8(ascii: "["): return JSONNode(try array(depth: depth + 1), at: start)
    case UInt8(ascii: "\""): return JSONNode(.string(try string()), at: start)
    case let byte where byte == UInt8(ascii: "-") || isDigit(byte):
      return JSONNode(.number(try number()), at: start)
    default: return JSONNode(try word(), at: start)
    }
  }

  private mutating func object(depth: Int) throws(DataError) -> JSONNode.Value {
    try open(depth: depth)
    var members: [JSONNode.Member] = []
    var lines: [String: Int] = [:]
    while try !closes(with: "}", after: members.count, wanted: "a key in double quotes") {
      let keyPosition = position
      guard current == UInt8(ascii: "\"") else {
        throw error("\(here) where a key must stand", remedy: "write the key in double quotes")
      }
      let key = try string()
      if let first = lines.updateValue(keyPosition.line, forKey: key) {
        throw DataError(
          file: file, at: keyPosition,
          "the key \(quoted(key)) stands on line \(first) and again on line \(keyPosition.line)",
          remedy: "remove one of them")
      }
      skipSpace()
      guard take(":") else {
        throw error("\(here) after the key \(quoted(key))", remedy: "write a colon and a value")
      }
      skipSpace()
      members.append(
        JSONNode.Member(key: key, keyPosition: keyPosition, node: try node(depth: depth)))
    }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(DataError) -> JSONNode.Value {
    try open(depth: depth)
    var nodes: [JSONNode] = []
    while try !closes(with: "]", after: nodes.count, wanted: "a value") {
      nodes.append(try node(depth: depth))
    }
    return .array(nodes)
  }

  private mutating func open(depth: Int) throws(DataError) {
    guard depth <= Self.deepest else {
      throw error("more than \(Self.deepest) lists and objects in each other")
    }
    index += 1
  }

  /// Goes to the next element of a list or object: true where it ends, false where an element stands.
  private mutating func closes(
    with bracket: Unicode.Scalar, after count: Int, wanted: String
  ) throws(DataError) -> Bool {
    skipSpace()
    if take(bracket) { return true }
    guard count > 0 else { return false }
    let comma = position
    guard take(",") else {
      throw error("\(here) where a comma or \"\(bracket)\" must stand")
    }
    skipSpace()
    guard current != UInt8(ascii: bracket) else {
      throw DataError(
        file: file, at: comma, "a comma before \"\(bracket)\"",
        remedy: "remove it, or write \(wanted) after it")
    }
    return false
  }
}
