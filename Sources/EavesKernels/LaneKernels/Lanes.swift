// The vector that the lane kernels work on: wide enough for the registers, and not wider, as a block of sums has to
// stay in them. A build for this machine alone may say more (`make kernels`, docs/timed-kernels.md).
#if EAVES_LANES_8
  /// The floats that are worked on at once: 8, as processors with AVX2 have them.
  public typealias Lanes = SIMD8<Float>
  typealias LaneBits = SIMD8<UInt32>
#else
  /// The floats that are worked on at once: 4, which every processor has.
  public typealias Lanes = SIMD4<Float>
  typealias LaneBits = SIMD4<UInt32>
#endif

extension Lanes {
  /// How many there are.
  static var width: Int { scalarCount }

  /// The vector at a pointer, aligned or not.
  @inline(__always)
  init(_ pointer: UnsafePointer<Float>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
  }

  /// The vector at a pointer, aligned or not.
  @inline(__always)
  init(_ pointer: UnsafeMutablePointer<Float>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
  }

  /// Writes the vector to a pointer, aligned or not.
  @inline(__always)
  func store(_ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Lanes.self)
  }

  /// The larger of each two lanes.
  @inline(__always)
  func larger(_ other: Lanes) -> Lanes { replacing(with: other, where: other .> self) }

  /// This and the product of two more.
  ///
  /// One rounding where the build is for processors that have a fused multiply-add; elsewhere it would be a library
  /// call for each lane.
  @inline(__always)
  func adding(product a: Lanes, _ b: Lanes) -> Lanes {
    #if EAVES_LANES_8
      return addingProduct(a, b)
    #else
      return self + a * b
    #endif
  }

  /// The largest lane.
  @inline(__always)
  var largest: Float {
    #if EAVES_LANES_8
      return Self.largest(lowHalf, highHalf)
    #else
      return Self.largest(self, self)
    #endif
  }

  @inline(__always)
  private static func largest(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> Float {
    let four = a.replacing(with: b, where: b .> a)
    return Swift.max(Swift.max(four[0], four[1]), Swift.max(four[2], four[3]))
  }

  /// The lanes added in pairs down to four.
  @inline(__always)
  var quarter: SIMD4<Float> {
    #if EAVES_LANES_8
      return lowHalf + highHalf
    #else
      return self
    #endif
  }

  /// The sum of the lanes.
  @inline(__always)
  var total: Float {
    let four = quarter
    return (four[0] + four[2]) + (four[1] + four[3])
  }

  /// The sums of the lanes of four vectors, by one transposition.
  @inline(__always)
  static func totals(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) -> SIMD4<Float> {
    let (a, b, c, d) = (a.quarter, b.quarter, c.quarter, d.quarter)
    let ab = SIMD4(a[0], b[0], a[1], b[1]) + SIMD4(a[2], b[2], a[3], b[3])
    let cd = SIMD4(c[0], d[0], c[1], d[1]) + SIMD4(c[2], d[2], c[3], d[3])
    return SIMD4(ab[0], ab[1], cd[0], cd[1]) + SIMD4(ab[2], ab[3], cd[2], cd[3])
  }
}
