/// Blocks of 256 with values −1, 0, 1 times the largest magnitude.
///
/// Source: `TQ1_0` and `TQ2_0` in `gguf-py/gguf/quants.py` of ggml-org/llama.cpp.
enum TernaryBlocks {
  /// Five values a byte, in base 3 spread over 256.
  static func tq1(_ values: ArraySlice<Float>) -> [UInt8] {
    let (trits, scale) = trits(values)
    var bytes: [UInt8] = []
    // Bytes at a place hold elements that are `width` apart.
    for (start, width, count) in [(0, 32, 5), (160, 16, 5), (240, 4, 4)] {
      for place in 0..<width {
        var sum = (0..<count).reduce(0) { $0 * 3 + trits[start + place + $1 * width] }
        if count == 4 { sum *= 3 }
        bytes.append(UInt8(truncatingIfNeeded: (sum * 256 + 242) / 243))
      }
    }
    return bytes + SmallBlocks.half(scale)
  }

  /// Two bits a value, four of them 32 apart in a byte.
  static func tq2(_ values: ArraySlice<Float>) -> [UInt8] {
    let (trits, scale) = trits(values)
    let bytes = (0..<64).map { place -> UInt8 in
      let start = place / 32 * 128 + place % 32
      return (0..<4).reduce(0) { $0 | UInt8(trits[start + 32 * $1]) << UInt8(2 * $1) }
    }
    return bytes + SmallBlocks.half(scale)
  }

  private static func trits(_ values: ArraySlice<Float>) -> (trits: [Int], scale: Float) {
    let scale = SmallBlocks.largest(values)
    let inverse = scale == 0 ? 0 : 1 / scale
    let trits = values.map { value in
      Int(Int8(clamping: (value * inverse).rounded(.toNearestOrAwayFromZero)).signum()) + 1
    }
    return (trits, scale)
  }
}
