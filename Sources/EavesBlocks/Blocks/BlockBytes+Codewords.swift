/// The i-quants of ggml: codewords of eight (or four) levels, signs beside them, and scales of four bits.
///
/// Source: `dequantize_blocks` of `gguf-py/gguf/quants.py` of ggml-org/llama.cpp.
extension BlockBytes {
  func word(_ place: Int) -> Int { byte(place) | byte(place + 1) << 8 }

  private func long(_ place: Int) -> Int { word(place) | word(place + 2) << 16 }

  /// Signs of eight elements by seven bits: the eighth makes their number even.
  private func sign(_ bits: Int, _ element: Int) -> Float {
    let seven = bits & 127
    let all = seven.nonzeroBitCount.isMultiple(of: 2) ? seven : seven | 128
    return all >> element & 1 == 0 ? 1 : -1
  }

  /// A sign that has a bit of its own.
  private func sign(at start: Int, _ i: Int) -> Float { bit(start, i) == 0 ? 1 : -1 }

  /// Four bits for each `size` elements.
  private func scale(_ start: Int, _ i: Int, each size: Int) -> Float {
    let group = i / size
    return Float(byte(start + group / 2) >> (4 * (group % 2)) & 15)
  }

  func iq2XXS(_ i: Int) -> Float {
    let start = 2 + 8 * (i / 32)
    let part = i % 32 / 8
    let rest = long(start + 4)
    let level = Codebook.iq2XXS.element(i % 8, of: byte(start + part))
    return half(0) * (0.5 + Float(rest >> 28)) * 0.25 * level * sign(rest >> (7 * part), i % 8)
  }

  func iq2XS(_ i: Int) -> Float {
    let code = word(2 + 2 * (i / 8))
    let level = Codebook.iq2XS.element(i % 8, of: code & 511)
    return half(0) * (0.5 + scale(66, i, each: 16)) * 0.25 * level * sign(code >> 9, i % 8)
  }

  func iq2S(_ i: Int) -> Float {
    let part = i / 8
    let code = byte(2 + part) | (byte(66 + part / 4) >> (2 * (part % 4)) & 3) << 8
    let level = Codebook.iq2S.element(i % 8, of: code)
    return half(0) * (0.5 + scale(74, i, each: 16)) * 0.25 * level * sign(at: 34, i)
  }

  func iq3XXS(_ i: Int) -> Float {
    let rest = long(66 + 4 * (i / 32))
    let level = Codebook.iq3XXS.element(i % 4, of: byte(2 + i / 4))
    return half(0) * (0.5 + Float(rest >> 28)) * 0.5 * level
      * sign(rest >> (7 * (i % 32 / 8)), i % 8)
  }

  func iq3S(_ i: Int) -> Float {
    let code = byte(2 + i / 4) | bit(66, i / 4) << 8
    let level = Codebook.iq3S.element(i % 4, of: code)
    return half(0) * (1 + 2 * scale(106, i, each: 32)) * level * sign(at: 74, i)
  }

  func iq1S(_ i: Int) -> Float {
    let rest = word(34 + 2 * (i / 32))
    let code = byte(2 + i / 8) | (rest >> (3 * (i % 32 / 8)) & 7) << 8
    let shift: Float = rest & 0x8000 == 0 ? 0.125 : -0.125
    let level = Codebook.iq1.element(i % 8, of: code) + shift
    return half(0) * Float(2 * (rest >> 12 & 7) + 1) * level
  }

  /// The half-precision scale lies in the high four bits of four words.
  func iq1M(_ i: Int) -> Float {
    let bits = (0..<4).reduce(0) { $0 | (word(48 + 2 * $1) >> 12) << (4 * $1) }
    let group = i / 16
    let scale = word(48 + 2 * (group / 4)) >> (3 * (group % 4)) & 7
    let part = i / 8
    let rest = byte(32 + part / 2) >> (4 * (part % 2)) & 15
    let code = byte(part) | (rest & 7) << 8
    let level = Codebook.iq1.element(i % 8, of: code) + (rest & 8 == 0 ? 0.125 : -0.125)
    return HalfFloat.value(UInt16(bits)) * Float(2 * scale + 1) * level
  }
}
