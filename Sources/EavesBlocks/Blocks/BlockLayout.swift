/// How the elements of a block lie in its bytes: formats of ggml.
///
/// Source: `gguf-py/gguf/quants.py` of ggml-org/llama.cpp, `dequantize_blocks`, and `ggml-common.h` for `q8_1` and
/// `q8_k`.
public enum BlockLayout: String, Sendable, CaseIterable {
  case q4_0, q4_1, q5_0, q5_1, q8_0, q8_1
  case q2K = "q2_k"
  case q3K = "q3_k"
  case q4K = "q4_k"
  case q5K = "q5_k"
  case q6K = "q6_k"
  case q8K = "q8_k"
  case tq1_0, tq2_0, mxfp4, nvfp4
  case iq4NL = "iq4_nl"
  case iq4XS = "iq4_xs"
  case iq2XXS = "iq2_xxs"
  case iq2XS = "iq2_xs"
  case iq2S = "iq2_s"
  case iq3XXS = "iq3_xxs"
  case iq3S = "iq3_s"
  case iq1S = "iq1_s"
  case iq1M = "iq1_m"

  /// Bytes and elements of a block.
  public var size: (bytes: Int, elements: Int) {
    switch self {
    case .q4_0, .iq4NL: (18, 32)
    case .q4_1: (20, 32)
    case .q5_0: (22, 32)
    case .q5_1: (24, 32)
    case .q8_0: (34, 32)
    case .q8_1: (36, 32)
    case .q2K: (84, 256)
    case .q3K: (110, 256)
    case .q4K: (144, 256)
    case .q5K: (176, 256)
    case .q6K: (210, 256)
    case .q8K: (292, 256)
    case .tq1_0: (54, 256)
    case .tq2_0: (66, 256)
    case .mxfp4: (17, 32)
    case .nvfp4: (36, 64)
    case .iq4XS: (136, 256)
    case .iq2XXS: (66, 256)
    case .iq2XS: (74, 256)
    case .iq2S: (82, 256)
    case .iq3XXS: (98, 256)
    case .iq3S: (110, 256)
    case .iq1S: (50, 256)
    case .iq1M: (56, 256)
    }
  }

  /// Places of half-precision scales in a block.
  package var halves: [Int] {
    switch self {
    case .q4_0, .q5_0, .q8_0, .iq4NL, .iq4XS, .iq2XXS, .iq2XS, .iq2S, .iq3XXS, .iq3S, .iq1S: [0]
    case .q4_1, .q5_1, .q8_1, .q4K, .q5K: [0, 2]
    case .q2K: [80, 82]
    case .q3K: [108]
    case .q6K: [208]
    case .tq1_0: [52]
    case .tq2_0: [64]
    case .q8K, .mxfp4, .nvfp4, .iq1M: []
    }
  }

  /// Element `i` of a block.
  public func element(_ i: Int, of block: ArraySlice<UInt8>) -> Float {
    let bytes = BlockBytes(block)
    switch self {
    case .q4_0: return bytes.half(0) * Float(bytes.nibble(2, i) - 8)
    case .q4_1: return bytes.half(0) * Float(bytes.nibble(4, i)) + bytes.half(2)
    case .q5_0: return bytes.half(0) * Float((bytes.nibble(6, i) | bytes.bit(2, i) << 4) - 16)
    case .q5_1:
      return bytes.half(0) * Float(bytes.nibble(8, i) | bytes.bit(4, i) << 4) + bytes.half(2)
    case .q8_0: return bytes.half(0) * Float(bytes.signed(2 + i))
    case .q8_1: return bytes.half(0) * Float(bytes.signed(4 + i))
    case .q8K: return bytes.single(0) * Float(bytes.signed(4 + i))
    case .q2K: return bytes.q2K(i)
    case .q3K: return bytes.q3K(i)
    case .q4K: return bytes.fiveBits(i, low: 16, high: nil)
    case .q5K: return bytes.fiveBits(i, low: 48, high: 16)
    case .q6K: return bytes.q6K(i)
    case .tq1_0: return bytes.tq1(i)
    case .tq2_0: return bytes.half(64) * Float(bytes.pair(0, i) - 1)
    case .mxfp4: return bytes.mxfp4(i)
    case .nvfp4: return bytes.nvfp4(i)
    case .iq4NL: return bytes.half(0) * BlockBytes.nonLinear[bytes.nibble(2, i)]
    case .iq4XS: return bytes.iq4XS(i)
    case .iq2XXS: return bytes.iq2XXS(i)
    case .iq2XS: return bytes.iq2XS(i)
    case .iq2S: return bytes.iq2S(i)
    case .iq3XXS: return bytes.iq3XXS(i)
    case .iq3S: return bytes.iq3S(i)
    case .iq1S: return bytes.iq1S(i)
    case .iq1M: return bytes.iq1M(i)
    }
  }
}
