import Eaves

/// The header of one safetensors file: where each tensor stands.
///
/// Source: the format's description in README.md of huggingface/safetensors. Only the header is read.
struct SafetensorsFile: Sendable {
  let path: String
  /// The size of the whole file.
  let fileBytes: Int
  /// The length, the header and its padding.
  let headerBytes: Int
  let tensors: [StoredTensor]
  /// The hash of the header.
  let hash: String

  /// Reads the header of a file.
  /// - Parameter source: the file.
  /// - Throws: `DataError` where the header cannot be read, or the tensors are not the rest of the file.
  init(reading source: ByteSource) throws(DataError) {
    path = source.path
    fileBytes = source.size
    var cursor = ByteCursor(source)
    let length = try cursor.count(each: 1, "the length of the header")
    guard length <= JSONParser.largestSize else {
      throw DataError(
        file: source.path,
        "the header of \(length) bytes is larger than \(JSONParser.largestSize >> 20) MiB",
        remedy: "name a safetensors file")
    }
    let header = try cursor.bytes(length, "the header")
    guard header.first == UInt8(ascii: "{") else {
      throw DataError(
        file: source.path, field: "byte 8", "the header does not begin with {",
        remedy: "name a safetensors file")
    }
    headerBytes = 8 + length
    hash = contentHash(header)
    let start = headerBytes
    let root = try ObjectReader(parsing: header, file: source.path)
    var tensors: [StoredTensor] = []
    for key in root.keys {
      if key == "__metadata__" {
        root.ignore(key)
        continue
      }
      tensors.append(try Self.tensor(key, root, from: start, in: source))
    }
    self.tensors = tensors
    try Self.requireWhole(tensors, from: start, source)
  }

  private static func tensor(
    _ name: String, _ root: ObjectReader, from start: Int, in source: ByteSource
  ) throws(DataError) -> StoredTensor {
    let entry = try root.object(name)
    let type = try entry.string("dtype")
    let shape = try entry.integers("shape", in: 0...1 << 48)
    let offsets = try entry.integers("data_offsets", in: 0...1 << 60)
    try entry.finish()
    guard let (bits, format) = types[type] else {
      throw entry.error(
        at: "dtype", "there is no type \(quoted(type))",
        remedy: "known are \(types.keys.sorted().joined(separator: ", "))")
    }
    var elements = 1
    for length in shape {
      let (product, overflows) = elements.multipliedReportingOverflow(by: length)
      guard !overflows, product <= 1 << 48 else {
        throw entry.error(at: "shape", "the sizes make more than 2^48 elements")
      }
      elements = product
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw entry.error(
        at: "data_offsets", "is no pair of a begin and an end", remedy: "write [0, 8]")
    }
    guard offsets[1] - offsets[0] == (elements * bits + 7) / 8, elements * bits % 8 == 0 else {
      throw entry.error(
        at: "data_offsets",
        "\(offsets[1] - offsets[0]) bytes, but \(elements) elements of \(type) take \(elements * bits / 8)",
        remedy: "the file is damaged; get it again")
    }
    guard offsets[1] <= source.size - start else {
      throw entry.error(
        at: "data_offsets", "ends at byte \(start + offsets[1]), and the file at \(source.size)",
        remedy: "the file is incomplete; get it again")
    }
    return StoredTensor(
      name: name, file: source.path, shape: shape, format: format, type: type.lowercased(),
      offset: start + offsets[0], bytes: offsets[1] - offsets[0])
  }

  /// The format has no holes: every byte after the header belongs to one tensor.
  private static func requireWhole(
    _ tensors: [StoredTensor], from start: Int, _ source: ByteSource
  ) throws(DataError) {
    var end = start
    for tensor in tensors.sorted(by: { ($0.offset, $0.bytes) < ($1.offset, $1.bytes) }) {
      guard tensor.offset == end else {
        throw DataError(
          file: source.path, field: printable(tensor.name),
          "begins at byte \(tensor.offset), and the tensor before it ends at \(end)",
          remedy: "the file is damaged; get it again")
      }
      end += tensor.bytes
    }
    guard end == source.size else {
      throw DataError(
        file: source.path, "\(source.size - end) bytes follow the last tensor",
        remedy: "the file is damaged; get it again")
    }
  }

  /// Bits of each type, and the format that it is.
  private static let types: [String: (bits: Int, format: NumberFormat?)] = [
    "F64": (64, try? NumberFormat(parsing: "f64")), "F32": (32, .f32), "F16": (16, .f16),
    "BF16": (16, .bf16), "F8_E4M3": (8, try? NumberFormat(parsing: "f8e4m3")),
    "F8_E5M2": (8, try? NumberFormat(parsing: "f8e5m2")), "F8_E8M0": (8, nil),
    "F6_E2M3": (6, nil), "F6_E3M2": (6, try? NumberFormat(parsing: "f6e3m2")),
    "F4": (4, try? NumberFormat(parsing: "f4e2m1")), "I64": (64, nil), "U64": (64, nil),
    "I32": (32, nil), "U32": (32, nil), "I16": (16, nil), "U16": (16, nil), "I8": (8, nil),
    "U8": (8, nil), "BOOL": (8, nil), "C64": (64, nil),
  ]
}
