/// The bytes of one block, read in the ways that layouts have in common.
struct BlockBytes {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// The 16 levels of IQ4_NL, and those of E2M1, doubled.
  static let nonLinear: [Float] = [
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
  ]
  static let e2m1: [Float] = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]

  func byte(_ place: Int) -> Int { Int(bytes[bytes.startIndex + place]) }

  func signed(_ place: Int) -> Int { Int(Int8(bitPattern: bytes[bytes.startIndex + place])) }

  func half(_ place: Int) -> Float {
    HalfFloat.value(UInt16(byte(place)) | UInt16(byte(place + 1)) << 8)
  }

  func single(_ place: Int) -> Float {
    Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(byte(place + $1)) << (8 * UInt32($1)) })
  }

  /// Element i of 32 nibbles: 16 low ones, then 16 high ones.
  func nibble(_ start: Int, _ i: Int) -> Int { byte(start + i % 16) >> (4 * (i / 16)) & 15 }

  func bit(_ start: Int, _ i: Int) -> Int { byte(start + i / 8) >> (i % 8) & 1 }

  /// Element i of 256 pairs of bits: four of every byte, 32 bytes for each 128 elements.
  func pair(_ start: Int, _ i: Int) -> Int {
    byte(start + i / 128 * 32 + i % 32) >> (2 * (i % 128 / 32)) & 3
  }

  func q2K(_ i: Int) -> Float {
    let scales = byte(i / 16)
    return half(80) * Float(scales & 15) * Float(pair(16, i)) - half(82) * Float(scales >> 4)
  }

  func q3K(_ i: Int) -> Float {
    let group = i / 16
    let low = group < 8 ? byte(96 + group) & 15 : byte(88 + group) >> 4
    let high = byte(104 + group % 4) >> (2 * (group / 4)) & 3
    // The offset is zero where the bit is one.
    let offset = byte(i % 32) >> (i / 32) & 1 == 1 ? 0 : 4
    return half(108) * Float((low | high << 4) - 32) * Float(pair(32, i) - offset)
  }

  /// Q4_K and Q5_K: eight groups with a 6-bit scale and a 6-bit minimum.
  func fiveBits(_ i: Int, low: Int, high: Int?) -> Float {
    let group = i / 32
    let rest = group % 4
    let scale: Int
    let least: Int
    if group < 4 {
      (scale, least) = (byte(4 + rest) & 63, byte(8 + rest) & 63)
    } else {
      scale = byte(12 + rest) & 15 | byte(4 + rest) >> 2 & 48
      least = byte(12 + rest) >> 4 | byte(8 + rest) >> 2 & 48
    }
    var level = byte(low + group / 2 * 32 + i % 32) >> (4 * (group % 2)) & 15
    if let high { level |= (byte(high + i % 32) >> group & 1) << 4 }
    return half(0) * Float(scale) * Float(level) - half(2) * Float(least)
  }

  func q6K(_ i: Int) -> Float {
    let (part, rest) = (i / 128, i % 128)
    let low = byte(64 * part + rest % 64) >> (4 * (rest / 64)) & 15
    let level = (low | pair(128, i) << 4) - 32
    return half(208) * Float(signed(192 + i / 16)) * Float(level)
  }

  func tq1(_ i: Int) -> Float {
    let place: Int
    let digit: Int
    switch i {
    case ..<160: (place, digit) = (i % 32, i / 32)
    case ..<240: (place, digit) = (32 + i % 16, (i - 160) / 16)
    default: (place, digit) = (48 + i % 4, (i - 240) / 4)
    }
    let shifted = byte(place) * [1, 3, 9, 27, 81][digit] & 255
    return half(52) * Float(((shifted * 3) >> 8) - 1)
  }

  func mxfp4(_ i: Int) -> Float {
    Float(sign: .plus, exponent: byte(0) - 128, significand: 1) * Self.e2m1[nibble(1, i)]
  }

  func nvfp4(_ i: Int) -> Float {
    let (group, rest) = (i / 16, i % 16)
    return Self.scale(ofE4M3: byte(group))
      * Self.e2m1[byte(4 + 8 * group + rest % 8) >> (4 * (rest / 8)) & 15]
  }

  /// Half the value of a scale in unsigned E4M3, as levels are doubled.
  static func scale(ofE4M3 scale: Int) -> Float {
    let (exponent, fraction) = (scale >> 3 & 15, Float(scale & 7))
    guard scale != 127 else { return 0 }
    let value: Float =
      exponent == 0
      ? fraction * 0x1p-9
      : (1 + fraction / 8) * Float(sign: .plus, exponent: exponent - 7, significand: 1)
    return value / 2
  }

  func iq4XS(_ i: Int) -> Float {
    let group = i / 32
    let low = byte(4 + group / 2) >> (4 * (group % 2)) & 15
    let high = (byte(2) | byte(3) << 8) >> (2 * group) & 3
    return half(0) * Float((low | high << 4) - 32) * Self.nonLinear[nibble(8 + 16 * group, i % 32)]
  }
}
