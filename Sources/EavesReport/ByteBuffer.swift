/// Bytes that grow at the end and whose memory is reused.
///
/// This type and `FixedArray` are the only ones of the target that own memory by pointer: appending
/// byte by byte to `[UInt8]` is six times slower. Everything else goes through `append` and `extend`,
/// which check the capacity first.
public struct ByteBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// How many bytes were appended.
  public private(set) var count = 0

  /// An empty buffer.
  /// - Parameter capacity: How many bytes fit before the memory grows.
  public init(capacity: Int = 4096) {
    self.capacity = max(capacity, 64)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// Whether there is nothing in the buffer.
  public var isEmpty: Bool { count == 0 }

  /// Forgets the bytes and keeps the memory.
  public mutating func removeAll() { count = 0 }

  /// Calls `body` with the bytes, to hand them to a file without a copy.
  /// - Parameter body: Reads the bytes; the pointer is not valid after it returns.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public borrowing func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// A copy of the bytes.
  public var array: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// The bytes as text.
  public var text: String {
    String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
  }

  /// Appends one byte.
  /// - Parameter byte: The byte.
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  /// Appends bytes.
  /// - Parameter bytes: The bytes.
  public mutating func append(_ bytes: [UInt8]) {
    reserve(bytes.count)
    bytes.withUnsafeBufferPointer { append($0) }
  }

  /// Appends the UTF-8 of a text.
  /// - Parameter text: The text, written as it is.
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  /// Appends a range of another buffer.
  mutating func append(_ other: borrowing ByteBuffer, from start: Int, count length: Int) {
    precondition(start >= 0 && length >= 0 && start + length <= other.count)
    append(UnsafeBufferPointer(start: other.base + start, count: length))
  }

  /// Appends bytes that lie in memory.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    (base + count).update(from: source, count: bytes.count)
    count += bytes.count
  }

  /// Appends at most `limit` bytes that `body` writes at the pointer; it returns how many it wrote.
  @inline(__always)
  mutating func extend(atMost limit: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    reserve(limit)
    let written = body(base + count)
    assert(written <= limit)
    count += written
  }

  /// Makes room for `extra` more bytes.
  @inline(__always)
  private mutating func reserve(_ extra: Int) {
    if capacity - count < extra { grow(by: extra) }
  }

  @inline(never)
  private mutating func grow(by extra: Int) {
    capacity = max(2 * capacity, count + extra)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }
}

// The memory belongs to one value that cannot be copied.
extension ByteBuffer: @unchecked Sendable {}
