/// Rounds values to what a block format can hold: what a cache keeps of keys and values.
package enum BlockEncoder {
  /// Q8_0: 32 elements, the largest at ±127 (`quantize_blocks` of `gguf-py`).
  package static func q8(_ values: [Float]) -> [UInt8] { SmallBlocks.q8(values[...]) }

  /// Q4_0: 32 elements, the one of largest magnitude at −8.
  package static func q4(_ values: [Float]) -> [UInt8] {
    SmallBlocks.symmetric(values[...], bits: 4)
  }

  /// A group of KIVI in `bits` bits with a scale and a minimum in half precision: what is left of the values, and
  /// the bits stored.
  package static func group(_ values: [Float], bits: Int) -> (values: [Float], storedBits: Int) {
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
