/// Values of tensors as files store them.
public enum TensorValues {
  /// The values of whole rows.
  /// - Parameters:
  ///   - bytes: as stored, little-endian.
  ///   - type: the type's name: "f32", "f16", "bf16" or that of a block format.
  /// - Returns: the values; `nil` for a type that cannot be read, or bytes that are no whole number of it.
  public static func read(_ bytes: [UInt8], as type: String) -> [Float]? {
    switch type {
    case "f32": return words(bytes, 4) { Float(bitPattern: UInt32($0)) }
    case "f16": return words(bytes, 2) { HalfFloat.value(UInt16($0)) }
    case "bf16": return words(bytes, 2) { Float(bitPattern: UInt32($0) << 16) }
    case "f64": return words(bytes, 8) { Float(Double(bitPattern: $0)) }
    default:
      guard let layout = BlockLayout(rawValue: type) else { return nil }
      return blocks(bytes, layout)
    }
  }

  private static func words(
    _ bytes: [UInt8], _ width: Int, _ value: (UInt64) -> Float
  ) -> [Float]? {
    guard bytes.count.isMultiple(of: width) else { return nil }
    return bytes.withUnsafeBufferPointer { bytes in
      (0..<bytes.count / width).map { place in
        var word: UInt64 = 0
        for index in (0..<width).reversed() {
          word = word << 8 | UInt64(bytes[place * width + index])
        }
        return value(word)
      }
    }
  }

  private static func blocks(_ bytes: [UInt8], _ layout: BlockLayout) -> [Float]? {
    let size = layout.size
    guard bytes.count.isMultiple(of: size.bytes) else { return nil }
    var values: [Float] = []
    values.reserveCapacity(bytes.count / size.bytes * size.elements)
    for start in stride(from: 0, to: bytes.count, by: size.bytes) {
      let block = bytes[start..<start + size.bytes]
      for index in 0..<size.elements { values.append(layout.element(index, of: block)) }
    }
    return values
  }
}
