/// A value of the metadata of a GGUF file.
enum GGUFValue: Sendable, Equatable {
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case string(String)
  /// A list of whole numbers or truth values, as the per-layer lists of some architectures.
  case integers([Int])
  /// A long text, or a list that no cost reads (tokens, merges, scores): how many members it has.
  case other(Int)

  /// What stands here, in words for a message.
  var found: String {
    switch self {
    case .integer(let value): "the number \(value)"
    case .number(let value): "the number \(value)"
    case .boolean(let value): "\(value)"
    case .string(let text): "the string \(quoted(text))"
    case .integers(let values): "a list of \(values.count)"
    case .other(let count): "a list of \(count)"
    }
  }
}

/// The kinds of values, by their numbers in a file.
///
/// Source: `gguf_metadata_value_type` in docs/gguf.md of ggml-org/ggml.
enum GGUFValueKind: UInt32 {
  case uint8, int8, uint16, int16, uint32, int32, float32, boolean, string, array, uint64, int64
  case float64

  /// Bytes of one value; nil where they vary.
  var width: Int? {
    switch self {
    case .uint8, .int8, .boolean: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }
}

extension ByteCursor {
  /// The texts that are kept whole; longer ones (chat templates) are passed over.
  private static var longestText: Int { 1 << 14 }
  /// The lists that are kept whole: one value a layer.
  private static var longestList: Int { 1 << 12 }

  /// A value of the metadata.
  mutating func value(_ key: String) throws(DataError) -> GGUFValue {
    try value(of: try kind(key), key, depth: 0)
  }

  private mutating func kind(_ key: String) throws(DataError) -> GGUFValueKind {
    let start = offset
    let number = try integer(UInt32.self, key)
    guard let kind = GGUFValueKind(rawValue: number) else {
      throw error(at: start, "\(printable(key)): there is no kind of value \(number)")
    }
    return kind
  }

  private mutating func value(
    of kind: GGUFValueKind, _ key: String, depth: Int
  ) throws(DataError) -> GGUFValue {
    switch kind {
    case .uint8: return .integer(Int(try integer(UInt8.self, key)))
    case .int8: return .integer(Int(Int8(bitPattern: try integer(UInt8.self, key))))
    case .uint16: return .integer(Int(try integer(UInt16.self, key)))
    case .int16: return .integer(Int(Int16(bitPattern: try integer(UInt16.self, key))))
    case .uint32: return .integer(Int(try integer(UInt32.self, key)))
    case .int32: return .integer(Int(Int32(bitPattern: try integer(UInt32.self, key))))
    case .uint64: return .integer(Int(clamping: try integer(UInt64.self, key)))
    case .int64: return .integer(Int(Int64(bitPattern: try integer(UInt64.self, key))))
    case .float32: return .number(Double(Float(bitPattern: try integer(UInt32.self, key))))
    case .float64: return .number(Double(bitPattern: try integer(UInt64.self, key)))
    case .boolean:
      let start = offset
      let byte = try integer(UInt8.self, key)
      guard byte <= 1 else {
        throw error(at: start, "\(printable(key)): \(byte) is no truth value")
      }
      return .boolean(byte == 1)
    case .string: return try text(key)
    case .array: return try list(key, depth: depth)
    }
  }

  private mutating func text(_ key: String) throws(DataError) -> GGUFValue {
    let length = try count(each: 1, key)
    guard length <= Self.longestText else {
      try skip(length, key)
      return .other(length)
    }
    let start = offset
    guard let text = String(validating: try bytes(length, key), as: UTF8.self) else {
      throw error(at: start, "\(printable(key)): the text is no UTF-8")
    }
    return .string(text)
  }

  private mutating func list(_ key: String, depth: Int) throws(DataError) -> GGUFValue {
    let start = offset
    guard depth < 4 else {
      throw error(at: start, "\(printable(key)): lists within lists within lists")
    }
    let kind = try kind(key)
    let members = try count(each: kind.width ?? 8, key)
    if let width = kind.width, members > Self.longestList || kind == .float32 || kind == .float64 {
      try skip(members * width, key)
      return .other(members)
    }
    var integers: [Int] = []
    for _ in 0..<members {
      if kind == .string {
        try skip(try count(each: 1, key), key)
        continue
      }
      switch try value(of: kind, key, depth: depth + 1) {
      case .integer(let value): integers.append(value)
      case .boolean(let value): integers.append(value ? 1 : 0)
      default: continue
      }
    }
    return integers.isEmpty ? .other(members) : .integers(integers)
  }
}
