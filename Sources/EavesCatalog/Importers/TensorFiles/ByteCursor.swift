/// Reads little-endian values one after the other from a source of any size; every step is checked.
struct ByteCursor {
  private let source: ByteSource
  /// Where the next value begins.
  private(set) var offset: Int
  private var window: [UInt8] = []
  private var windowStart = 0
  private static let piece = 1 << 18

  init(_ source: ByteSource, at offset: Int = 0) {
    self.source = source
    self.offset = offset
  }

  /// Bytes that are left.
  var remaining: Int { source.size - offset }

  /// A whole number of some width.
  mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type, _ meaning: @autoclosure () -> String
  ) throws(DataError) -> Value {
    let width = MemoryLayout<Value>.size
    try prepare(width, meaning())
    let start = offset - windowStart
    var value: Value = 0
    for index in (0..<width).reversed() { value = value << 8 | Value(window[start + index]) }
    offset += width
    return value
  }

  /// So many bytes as they stand.
  mutating func bytes(_ count: Int, _ meaning: @autoclosure () -> String) throws(DataError)
    -> [UInt8]
  {
    try requireLeft(count, meaning())
    let bytes = try source.bytes(at: offset, count: count)
    offset += count
    return bytes
  }

  /// Leaves out so many bytes.
  mutating func skip(_ count: Int, _ meaning: @autoclosure () -> String) throws(DataError) {
    try requireLeft(count, meaning())
    offset += count
  }

  /// A count or a length, which must leave room for `each` bytes a member.
  mutating func count(
    each: Int, _ meaning: @autoclosure () -> String
  ) throws(DataError) -> Int {
    let start = offset
    let value = try integer(UInt64.self, meaning())
    guard value <= UInt64(remaining / max(1, each)) else {
      throw error(
        at: start,
        "\(printable(meaning())): \(value) do not fit into the \(remaining) bytes that are left")
    }
    return Int(value)
  }

  /// A text: its length in 64 bits, then its bytes, which must be UTF-8.
  mutating func string(
    atMost limit: Int, _ meaning: @autoclosure () -> String
  ) throws(DataError) -> String {
    let start = offset
    let length = try count(each: 1, meaning())
    guard length <= limit else {
      throw error(
        at: start,
        "\(printable(meaning())): \(length) bytes are more than the \(limit) that a name has")
    }
    guard let text = String(validating: try bytes(length, meaning()), as: UTF8.self) else {
      throw error(at: start, "\(printable(meaning())): the text is no UTF-8")
    }
    return text
  }

  /// An error at a byte of the source.
  func error(at offset: Int, _ problem: String) -> DataError {
    DataError(
      file: source.path, field: "byte \(offset)", problem,
      remedy: "the file is incomplete or damaged; get it again")
  }

  private func requireLeft(_ count: Int, _ meaning: @autoclosure () -> String) throws(DataError) {
    guard count <= remaining else {
      throw error(at: offset, "\(printable(meaning())): the file ends at byte \(source.size)")
    }
  }

  private mutating func prepare(
    _ count: Int, _ meaning: @autoclosure () -> String
  ) throws(DataError) {
    if offset >= windowStart, offset + count <= windowStart + window.count { return }
    try requireLeft(count, meaning())
    windowStart = offset
    window = try source.bytes(at: offset, count: min(Self.piece, remaining))
  }
}
