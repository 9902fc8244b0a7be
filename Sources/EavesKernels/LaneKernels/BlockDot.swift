/// Dot products of quantised rows and float vectors, block by block, in portable SIMD.
enum BlockDot {
  /// Bytes of a block: a half-precision scale and 32 signed bytes.
  static let bytes8 = 34
  /// A half-precision scale and 32 values of 4 bits.
  static let bytes4 = 18
  /// Two half-precision factors, eight scales and minima of 6 bits, and 256 values of 4 bits.
  static let bytesK = 144

  /// Σ scale·q·x over blocks of 32 signed bytes.
  @inline(never)
  static func dot8(_ row: UnsafeRawPointer, _ x: UnsafePointer<Float>, blocks: Int) -> Float {
    var sum = SIMD8<Float>()
    for block in 0..<blocks {
      let start = row + block * bytes8
      let x = UnsafeRawPointer(x + block * 32)
      var part = SIMD8<Float>()
      for offset in stride(from: 0, to: 32, by: 8) {
        // Widening signed bytes takes many instructions without extensions: offset by 128 they are unsigned.
        let q = (start + 2 + offset).loadUnaligned(as: SIMD8<UInt8>.self) ^ 128
        part += (floats(q) - 128) * vector(x, offset)
      }
      sum += part * half(start)
    }
    return sum.sum()
  }

  /// Σ scale·(q − 8)·x: byte i holds weight i in its low half, weight i + 16 in its high half.
  @inline(never)
  static func dot4(_ row: UnsafeRawPointer, _ x: UnsafePointer<Float>, blocks: Int) -> Float {
    var sum = SIMD8<Float>()
    for block in 0..<blocks {
      let start = row + block * bytes4
      let x = UnsafeRawPointer(x + block * 32)
      var part = SIMD8<Float>()
      for offset in stride(from: 0, to: 16, by: 8) {
        let q = (start + 2 + offset).loadUnaligned(as: SIMD8<UInt8>.self)
        part += (floats(q & 15) - 8) * vector(x, offset)
        part += (floats(q &>> 4) - 8) * vector(x, offset + 16)
      }
      sum += part * half(start)
    }
    return sum.sum()
  }

  /// Σ (d·scale·q − m·minimum)·x: each 32 bytes hold 32 weights in their low halves, the next 32 in the high.
  @inline(never)
  static func dotK(_ row: UnsafeRawPointer, _ x: UnsafePointer<Float>, blocks: Int) -> Float {
    var sum = SIMD8<Float>()
    for block in 0..<blocks {
      let start = row + block * bytesK
      let x = UnsafeRawPointer(x + block * 256)
      let (d, m) = (half(start), half(start + 2))
      for group in 0..<4 {
        let low = scaleAndMinimum(start + 4, 2 * group)
        let high = scaleAndMinimum(start + 4, 2 * group + 1)
        for offset in stride(from: 0, to: 32, by: 8) {
          let q = (start + 16 + 32 * group + offset).loadUnaligned(as: SIMD8<UInt8>.self)
          let place = 64 * group + offset
          sum += (floats(q & 15) * (d * low.scale) - m * low.minimum) * vector(x, place)
          sum += (floats(q &>> 4) * (d * high.scale) - m * high.minimum) * vector(x, place + 32)
        }
      }
    }
    return sum.sum()
  }

  /// The 6-bit scale and minimum of a group of 32: twelve bytes hold eight of each.
  ///
  /// The first four lie in the low 6 bits of bytes 0 to 7; the others in the halves of bytes 8 to 11 and the
  /// high 2 bits of the first eight.
  @inline(__always)
  static func scaleAndMinimum(
    _ packed: UnsafeRawPointer, _ index: Int
  ) -> (scale: Float, minimum: Float) {
    func byte(_ index: Int) -> UInt8 { packed.load(fromByteOffset: index, as: UInt8.self) }
    guard index >= 4 else { return (Float(byte(index) & 63), Float(byte(index + 4) & 63)) }
    let both = byte(index + 4)
    let scale = both & 15 | (byte(index - 4) &>> 6) &<< 4
    let minimum = both >> 4 | (byte(index) &>> 6) &<< 4
    return (Float(scale), Float(minimum))
  }

  /// A finite half-precision number, from its bits: no library call on processors without the conversion.
  @inline(__always)
  static func half(_ start: UnsafeRawPointer) -> Float {
    let bits = UInt32(start.loadUnaligned(as: UInt16.self))
    let magnitude = Float(bitPattern: (bits & 0x7FFF) << 13) * 0x1p112
    return Float(bitPattern: magnitude.bitPattern | (bits & 0x8000) << 16)
  }

  @inline(__always)
  private static func floats(_ q: SIMD8<UInt8>) -> SIMD8<Float> {
    SIMD8<Float>(SIMD8<Int32>(truncatingIfNeeded: q))
  }

  @inline(__always)
  private static func vector(_ x: UnsafeRawPointer, _ index: Int) -> SIMD8<Float> {
    (x + 4 * index).loadUnaligned(as: SIMD8<Float>.self)
  }
}
