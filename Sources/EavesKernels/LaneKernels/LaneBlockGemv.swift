/// Products of matrices in blocks of 8 and 4 bits (Q8_0, Q4_0) and a vector rounded to 8 bits.
///
/// Weights are multiplied as whole numbers of 16 bits, whose sums are exact; a block's sum becomes a float once. With a
/// vector of floats every weight would have to: half as fast (Benchmarks/README.md).
enum LaneBlockGemv {
  /// Rows whose sums are formed at once.
  static let rowsAtOnce = 4

  /// y[i] = Σ w[i, j]·x[j] for rows of Q8_0, four rows at a time, one of each quarter of the matrix.
  /// - Parameters:
  ///   - w: [rows, blocks] of 34 bytes.
  ///   - x: rounded by `LaneQuantised`.
  ///   - y: [rows], overwritten.
  ///   - rows: a multiple of 4.
  ///   - blocks: those of a row.
  @inline(never)
  static func multiply8(
    _ w: UnsafeRawPointer, _ x: UnsafeRawPointer, into y: UnsafeMutablePointer<Float>,
    rows: Int, blocks: Int
  ) {
    let quarter = rows / rowsAtOnce
    let bytes = BlockDot.bytes8
    let apart = quarter * blocks * bytes
    for first in 0..<quarter {
      let row = w + first * blocks * bytes
      var (a, b) = (SIMD8<Float>(), SIMD8<Float>())
      var (c, d) = (SIMD8<Float>(), SIMD8<Float>())
      for block in 0..<blocks {
        let v = x + block * LaneQuantised.stride
        let even = v.load(as: SIMD16<Int16>.self)
        let odd = v.load(fromByteOffset: 32, as: SIMD16<Int16>.self)
        let start = row + block * bytes
        let scales =
          halves(start, start + apart, start + 2 * apart, start + 3 * apart)
          * v.load(fromByteOffset: LaneQuantised.scaleOffset, as: Float.self)
        a += dot8(start, even, odd) * scales[0]
        b += dot8(start + apart, even, odd) * scales[1]
        c += dot8(start + 2 * apart, even, odd) * scales[2]
        d += dot8(start + 3 * apart, even, odd) * scales[3]
      }
      y[first] = a.sum()
      y[quarter + first] = b.sum()
      y[2 * quarter + first] = c.sum()
      y[3 * quarter + first] = d.sum()
    }
  }

  /// y[i] = Σ w[i, j]·x[j] for rows of Q4_0, as `multiply8`, blocks of 18 bytes.
  @inline(never)
  static func multiply4(
    _ w: UnsafeRawPointer, _ x: UnsafeRawPointer, into y: UnsafeMutablePointer<Float>,
    rows: Int, blocks: Int
  ) {
    let quarter = rows / rowsAtOnce
    let bytes = BlockDot.bytes4
    let apart = quarter * blocks * bytes
    for first in 0..<quarter {
      let row = w + first * blocks * bytes
      var (a, b) = (SIMD4<Float>(), SIMD4<Float>())
      var (c, d) = (SIMD4<Float>(), SIMD4<Float>())
      for block in 0..<blocks {
        let v = x + block * LaneQuantised.stride
        let start = row + block * bytes
        let scales =
          halves(start, start + apart, start + 2 * apart, start + 3 * apart)
          * v.load(fromByteOffset: LaneQuantised.scaleOffset, as: Float.self)
        a += dot4(start, v) * scales[0]
        b += dot4(start + apart, v) * scales[1]
        c += dot4(start + 2 * apart, v) * scales[2]
        d += dot4(start + 3 * apart, v) * scales[3]
      }
      y[first] = a.sum()
      y[quarter + first] = b.sum()
      y[2 * quarter + first] = c.sum()
      y[3 * quarter + first] = d.sum()
    }
  }

  /// The sums of a block of signed bytes, in eight parts.
  @inline(__always)
  private static func dot8(
    _ start: UnsafeRawPointer, _ even: SIMD16<Int16>, _ odd: SIMD16<Int16>
  ) -> SIMD8<Float> {
    let pairs = (start + 2).loadUnaligned(as: SIMD16<Int16>.self)
    // Two products of at most 127² each fit 16 bits.
    let sums = ((pairs &<< 8) &>> 8) &* even &+ (pairs &>> 8) &* odd
    let words = unsafeBitCast(sums, to: SIMD8<Int32>.self)
    let whole = (words &>> 16) &+ ((words &<< 16) &>> 16) &+ 0x4B40_0000
    return unsafeBitCast(whole, to: SIMD8<Float>.self) - 12_582_912
  }

  /// The sums of a block of 4-bit numbers, less 8 each, in four parts.
  @inline(__always)
  private static func dot4(_ start: UnsafeRawPointer, _ x: UnsafeRawPointer) -> SIMD4<Float> {
    func vector(_ number: Int) -> SIMD8<Int16> {
      x.load(fromByteOffset: 16 * number, as: SIMD8<Int16>.self)
    }
    let pairs = (start + 2).loadUnaligned(as: SIMD8<Int16>.self)
    // Four products of at most 15·127 each fit 16 bits.
    let low = (pairs & 15) &* vector(0) &+ ((pairs &>> 8) & 15) &* vector(2)
    let high = ((pairs &>> 4) & 15) &* vector(1) &+ ((pairs &>> 12) & 15) &* vector(3)
    let words = unsafeBitCast(low &+ high, to: SIMD4<Int32>.self)
    let sums = x.load(fromByteOffset: LaneQuantised.sumOffset, as: SIMD4<Int32>.self)
    let whole = (words &>> 16) &+ ((words &<< 16) &>> 16) &+ sums &+ 0x4B40_0000
    return unsafeBitCast(whole, to: SIMD4<Float>.self) - 12_582_912
  }

  /// The scales of four blocks: finite half-precision numbers.
  @inline(__always)
  private static func halves(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ c: UnsafeRawPointer, _ d: UnsafeRawPointer
  ) -> SIMD4<Float> {
    func bits(_ start: UnsafeRawPointer) -> UInt32 {
      UInt32(start.loadUnaligned(as: UInt16.self))
    }
    let bits = SIMD4(bits(a), bits(b), bits(c), bits(d))
    let magnitude = unsafeBitCast((bits & 0x7FFF) &<< 13, to: SIMD4<Float>.self) * 0x1p112
    let sign = (bits & 0x8000) &<< 16
    return unsafeBitCast(
      unsafeBitCast(magnitude, to: SIMD4<UInt32>.self) | sign, to: SIMD4<Float>.self)
  }
}
