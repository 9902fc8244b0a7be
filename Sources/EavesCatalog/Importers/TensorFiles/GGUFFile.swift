import Eaves

/// The header of one GGUF file: metadata, and where each tensor stands.
///
/// Source: docs/gguf.md of ggml-org/ggml, versions 2 and 3, little-endian. Only the header is read.
struct GGUFFile: Sendable {
  let path: String
  /// The size of the whole file.
  let fileBytes: Int
  /// Bytes before the padding in front of the first tensor.
  let headerBytes: Int
  let metadata: [String: GGUFValue]
  let tensors: [StoredTensor]
  /// The hash of the header.
  let hash: String

  private static let magic: [UInt8] = Array("GGUF".utf8)

  /// Whether bytes are the beginning of such a file.
  static func begins(_ bytes: some Sequence<UInt8>) -> Bool { Array(bytes.prefix(4)) == magic }

  /// Reads the header of a file.
  /// - Parameter source: the file.
  /// - Throws: `DataError` at the first byte that cannot stand there, and where the file is shorter than
  ///   its tensors.
  init(reading source: ByteSource) throws(DataError) {
    path = source.path
    fileBytes = source.size
    var cursor = ByteCursor(source)
    let counts = try Self.start(&cursor, source)
    var metadata: [String: GGUFValue] = [:]
    for _ in 0..<counts.keys {
      let start = cursor.offset
      let key = try cursor.string(atMost: 65535, "the name of a key")
      let value = try cursor.value(key)
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw cursor.error(at: start, "the key \(quoted(key)) stands twice")
      }
    }
    self.metadata = metadata
    let alignment = try Self.alignment(metadata, source)
    var entries: [Entry] = []
    var names: Set<String> = []
    for _ in 0..<counts.tensors {
      let start = cursor.offset
      let entry = try Entry(reading: &cursor)
      guard names.insert(entry.name).inserted else {
        throw cursor.error(at: start, "the tensor \(quoted(entry.name)) stands twice")
      }
      entries.append(entry)
    }
    headerBytes = cursor.offset
    hash = contentHash(try source.bytes(at: 0, count: min(headerBytes, 1 << 24)))
    let data = (headerBytes + alignment - 1) / alignment * alignment
    tensors = try entries.map { (entry) throws(DataError) in
      try entry.tensor(from: data, alignment: alignment, in: source)
    }
    try Self.requireApart(tensors, source)
  }

  /// Magic, version, and how many tensors and keys there are.
  private static func start(
    _ cursor: inout ByteCursor, _ source: ByteSource
  ) throws(DataError) -> (tensors: Int, keys: Int) {
    guard begins(try cursor.bytes(4, "the first four bytes")) else {
      throw DataError(
        file: source.path, "does not begin with \"GGUF\"", remedy: "name a GGUF file")
    }
    let version = try cursor.integer(UInt32.self, "the version")
    guard version == 2 || version == 3 else {
      let isSwapped = version.byteSwapped <= 3 && version != 0
      throw DataError(
        file: source.path, field: "version",
        isSwapped
          ? "the file is big-endian" : "version \(version) is not supported",
        remedy: "convert it to little-endian version 3 (gguf-py has gguf-convert-endian)")
    }
    let tensors = try cursor.count(each: 24, "the number of tensors")
    let keys = try cursor.count(each: 13, "the number of keys")
    return (tensors, keys)
  }

  private static func alignment(
    _ metadata: [String: GGUFValue], _ source: ByteSource
  ) throws(DataError) -> Int {
    guard let value = metadata["general.alignment"] else { return 32 }
    guard case .integer(let alignment) = value, (1...1 << 20).contains(alignment),
      alignment & (alignment - 1) == 0
    else {
      throw DataError(
        file: source.path, field: "general.alignment", "found \(value.found)",
        remedy: "an alignment is a power of two")
    }
    return alignment
  }

  /// Tensors may not share bytes.
  private static func requireApart(
    _ tensors: [StoredTensor], _ source: ByteSource
  ) throws(DataError) {
    var end = 0
    var last = ""
    for tensor in tensors.sorted(by: { ($0.offset, $0.bytes) < ($1.offset, $1.bytes) }) {
      guard tensor.offset >= end else {
        throw DataError(
          file: source.path, field: printable(tensor.name),
          "begins at byte \(tensor.offset), inside \(quoted(last))",
          remedy: "the file is damaged; get it again")
      }
      end = tensor.offset + tensor.bytes
      last = tensor.name
    }
  }

  /// One entry of the list of tensors.
  private struct Entry {
    let name: String
    let shape: [Int]
    let type: UInt32
    let offset: UInt64

    init(reading cursor: inout ByteCursor) throws(DataError) {
      let name = try cursor.string(atMost: 1024, "the name of a tensor")
      let start = cursor.offset
      let dimensions = try cursor.integer(UInt32.self, name)
      guard (1...4).contains(dimensions) else {
        throw cursor.error(
          at: start, "\(printable(name)): \(dimensions) dimensions; a tensor has one to four")
      }
      var shape: [Int] = []
      var elements = 1
      for _ in 0..<dimensions {
        let length = try cursor.integer(UInt64.self, name)
        let (product, overflows) = elements.multipliedReportingOverflow(by: Int(clamping: length))
        guard length > 0, !overflows, product <= 1 << 48 else {
          throw cursor.error(at: start, "\(printable(name)): a length of \(length) cannot be")
        }
        elements = product
        shape.append(Int(length))
      }
      self.name = name
      self.shape = shape.reversed()
      type = try cursor.integer(UInt32.self, name)
      offset = try cursor.integer(UInt64.self, name)
    }

    /// The tensor, with its bytes inside the file.
    func tensor(
      from data: Int, alignment: Int, in source: ByteSource
    ) throws(DataError) -> StoredTensor {
      func wrong(_ problem: String, _ remedy: String) -> DataError {
        DataError(file: source.path, field: printable(name), problem, remedy: remedy)
      }
      guard let type = GGUFType.named(type) else {
        throw wrong("its type has the number \(type), which is unknown", "use a newer version")
      }
      guard shape.last.map({ $0.isMultiple(of: type.elements) }) ?? false else {
        throw wrong(
          "rows of \(shape.last ?? 0) are no multiple of the \(type.elements) of a block of \(type.name)",
          "the file is damaged; get it again")
      }
      let bytes = shape.reduce(1, *) / type.elements * type.bytes
      guard offset.isMultiple(of: UInt64(alignment)) else {
        throw wrong(
          "begins at byte \(offset), which is not aligned to \(alignment)", "the file is damaged")
      }
      guard let start = Int(exactly: offset), start <= source.size,
        data + start <= source.size - bytes
      else {
        throw wrong(
          "needs \(bytes) bytes from byte \(offset) on, and the file ends at \(source.size)",
          "the file is incomplete; get it again")
      }
      return StoredTensor(
        name: name, file: source.path, shape: shape, format: type.format, type: type.name,
        offset: data + start, bytes: bytes)
    }
  }
}
