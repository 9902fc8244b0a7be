/// Rounds values to what a block format can hold: what a cache keeps of keys and values.
enum BlockEncoder {
  /// Q8_0: 32 elements, the largest at ±127 (`quantize_blocks` of `gguf-py`).
  static func q8(_ values: [Float]) -> [UInt8] {
    let scale = (values.map(\.magnitude).max() ?? 0) / 127
    let levels = values.map { scale == 0 ? 0 : ($0 / scale).rounded(.toNearestOrAwayFromZero) }
    return bytes(of: scale) + levels.map { UInt8(bitPattern: Int8($0)) }
  }

  /// Q4_0: 32 elements, the one of largest magnitude at −8.
  static func q4(_ values: [Float]) -> [UInt8] {
    let extreme = values.max { $0.magnitude < $1.magnitude } ?? 0
    let scale = extreme / -8
    let levels = values.map { scale == 0 ? 8 : min(15, UInt8($0 / scale + 8.5)) }
    return bytes(of: scale) + (0..<16).map { levels[$0] | levels[$0 + 16] << 4 }
  }

  private static func bytes(of scale: Float) -> [UInt8] {
    let bits = HalfFloat.bits(scale)
    return [UInt8(bits & 255), UInt8(bits >> 8)]
  }

  /// A group of KIVI in `bits` bits with a scale and a minimum in half precision: what is left of the values, and
  /// the bits stored.
  static func group(_ values: [Float], bits: Int) -> (values: [Float], storedBits: Int) {
    let least = HalfFloat.rounded(values.min() ?? 0)
    let steps = Float((1 << bits) - 1)
    let scale = HalfFloat.rounded(((values.max() ?? 0) - least) / steps)
    let rounded = values.map { value -> Float in
      guard scale > 0 else { return least }
      return least + scale * min(steps, max(0, ((value - least) / scale).rounded()))
    }
    return (rounded, bits * values.count + 32)
  }
}
