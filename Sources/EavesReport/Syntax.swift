/// What tells one line-based format from another: the bytes around the cells and how a text is written.
///
/// CSV, JSON, NDJSON and Markdown differ in nothing else, so that `RowWriter` has one path for all.
struct Syntax: Sendable {
  /// What comes before the first row.
  var head: [UInt8] = []
  /// What comes between two rows.
  var separator: [UInt8] = []
  /// What comes after the last row.
  var tail: [UInt8] = []
  /// What starts a row.
  var rowStart: [UInt8] = []
  /// What comes before each cell, one entry a column: a comma, a key.
  var leads: [[UInt8]] = []
  /// What ends a row.
  var rowEnd: [UInt8] = []
  /// What stands for a missing cell.
  var missing: [UInt8] = []
  /// Writes a text with the quotes and escapes of the format.
  var text: @Sendable (String, inout ByteBuffer) -> Void

  /// Bytes that are put together with the escapes of a format.
  static func bytes(_ build: (inout ByteBuffer) -> Void) -> [UInt8] {
    var buffer = ByteBuffer(capacity: 256)
    build(&buffer)
    return buffer.array
  }
}
