/// Blocks of 32: bytes as `quantize_blocks` of gguf-py and the reference of ggml make them.
///
/// Source: `gguf-py/gguf/quants.py` and `quantize_row_*_ref` in `ggml/src/ggml-quants.c` of ggml-org/llama.cpp.
enum SmallBlocks {
  /// The largest magnitude at ±127.
  static func q8(_ values: ArraySlice<Float>) -> [UInt8] {
    let scale = largest(values) / 127
    let inverse = scale == 0 ? 0 : 1 / scale
    return half(scale)
      + values.map { value in
        let level = (value * inverse).rounded(.toNearestOrAwayFromZero)
        return UInt8(bitPattern: Int8(clamping: level))
      }
  }

  /// The value of the largest magnitude at the lowest of 2^bits levels.
  static func symmetric(_ values: ArraySlice<Float>, bits: Int) -> [UInt8] {
    let middle = Float(1 << (bits - 1))
    let scale = extreme(values) / -middle
    let inverse = scale == 0 ? 0 : 1 / scale
    let levels = values.map { value in level(value * inverse + (middle + 0.5), bits) }
    return half(scale) + packed(levels, bits: bits)
  }

  /// The least value at level 0, the greatest at the highest.
  static func affine(_ values: ArraySlice<Float>, bits: Int) -> [UInt8] {
    let least = values.min() ?? 0
    let scale = ((values.max() ?? 0) - least) / Float((1 << bits) - 1)
    let inverse = scale == 0 ? 0 : 1 / scale
    let levels = values.map { value in level((value - least) * inverse + 0.5, bits) }
    return half(scale) + half(least) + packed(levels, bits: bits)
  }

  /// E2M1 with one power of two; ties go to the level that is listed first.
  static func mxfp4(_ values: ArraySlice<Float>) -> [UInt8] {
    let size = largest(values)
    let exponent = size > 0 && size.isFinite ? UInt8(clamping: Int(size.exponent) - 2 + 127) : 0
    let scale = Float(sign: .plus, exponent: Int(exponent) - 128, significand: 1)
    return [exponent] + packed(values.map { nearest($0, scale) }, bits: 4)
  }

  /// E2M1 in four groups of sixteen, each with a scale in unsigned E4M3 that puts the largest magnitude at 6.
  static func nvfp4(_ values: ArraySlice<Float>) -> [UInt8] {
    var scales: [UInt8] = []
    var bytes: [UInt8] = []
    for start in stride(from: values.startIndex, to: values.endIndex, by: 16) {
      let group = values[start..<min(start + 16, values.endIndex)]
      let scale = e4m3(largest(group) / 6)
      scales.append(scale)
      let step = BlockBytes.scale(ofE4M3: Int(scale))
      let levels = group.map { nearest($0, step) }
      guard levels.count == 16 else { return [] }
      bytes += (0..<8).map { levels[$0] | levels[$0 + 8] << 4 }
    }
    return scales + bytes
  }

  /// The level of E2M1 nearest to a value; ties go to the level that is listed first.
  private static func nearest(_ value: Float, _ scale: Float) -> UInt8 {
    var best = 0
    var error = (BlockBytes.e2m1[0] * scale - value).magnitude
    for index in 1..<16 {
      let other = (BlockBytes.e2m1[index] * scale - value).magnitude
      if other < error { (best, error) = (index, other) }
    }
    return UInt8(best)
  }

  /// A scale in unsigned E4M3, halves rounded up; at most 448, and no number is nothing.
  static func e4m3(_ value: Float) -> UInt8 {
    guard value > 0 else { return 0 }
    guard value < 448 else { return 0x7E }
    let exponent = Int(value.exponent) + 7
    // Below 2⁻⁶ steps of 2⁻⁹.
    guard value.isNormal, exponent > 0 else { return min(7, UInt8(clamping: value * 512 + 0.5)) }
    let bits = Int(value.bitPattern)
    let fraction = bits >> 20 & 7 + bits >> 19 & 1
    let code = exponent << 3 + fraction
    // The reference has no step between 240 and the greatest.
    return code >= 15 << 3 ? 0x7E : UInt8(code)
  }

  /// The truncated level, no higher than the highest.
  private static func level(_ value: Float, _ bits: Int) -> UInt8 {
    min(UInt8((1 << bits) - 1), UInt8(clamping: value))
  }

  /// Four low bits of element i and i + 16 in one byte, behind the fifth bits of all.
  private static func packed(_ levels: [UInt8], bits: Int) -> [UInt8] {
    guard levels.count == 32 else { return [] }
    let low = (0..<16).map { levels[$0] & 15 | levels[$0 + 16] << 4 }
    guard bits == 5 else { return low }
    let high = (0..<4).map { byte in
      (0..<8).reduce(UInt8(0)) { $0 | (levels[8 * byte + $1] >> 4) << UInt8($1) }
    }
    return high + low
  }

  static func largest(_ values: ArraySlice<Float>) -> Float {
    values.reduce(0) { max($0, $1.magnitude) }
  }

  /// The first value of the largest magnitude.
  private static func extreme(_ values: ArraySlice<Float>) -> Float {
    var extreme: Float = 0
    for value in values where value.magnitude > extreme.magnitude { extreme = value }
    return extreme
  }

  /// A scale in half precision.
  static func half(_ scale: Float) -> [UInt8] {
    let bits = HalfFloat.bits(scale)
    return [UInt8(bits & 255), UInt8(bits >> 8)]
  }
}

extension FixedWidthInteger {
  /// The whole part of a number, held inside the type; 0 for no number.
  init(clamping value: Float) {
    guard value == value else {
      self = 0
      return
    }
    self = value >= Float(Self.max) ? .max : value <= Float(Self.min) ? .min : Self(value)
  }
}
