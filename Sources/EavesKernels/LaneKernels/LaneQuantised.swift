/// A vector rounded to 8 bits, block by block, as the products with quantised weights need it.
///
/// A block is 32 elements and a scale: the largest is ±127. Elements are kept as 16-bit numbers, those at even places
/// of each half of a block beside each other, then those at odd places: bytes of weights are taken apart in the same way,
/// by shifts of 16-bit numbers.
enum LaneQuantised {
  static let block = 32
  /// Floats of memory for a block: 32 numbers of 16 bits, the scale, and four 32-bit numbers with −8·Σ.
  static let floatsOfBlock = 24

  /// Where what belongs to a block lies, in bytes.
  static let scaleOffset = 64
  static let sumOffset = 80
  static let stride = 96

  /// Rounds a vector.
  /// - Parameters:
  ///   - x: its elements.
  ///   - result: `floatsOfBlock` floats a block.
  ///   - blocks: how many there are.
  @inline(never)
  static func round(
    _ x: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, blocks: Int
  ) {
    for index in 0..<blocks {
      let from = x + index * block
      let to = UnsafeMutableRawPointer(result) + index * stride
      let scale = largest(from) / 127
      let inverse = scale > 0 ? 1 / scale : 0
      var sum: Int32 = 0
      for half in 0..<2 {
        for place in 0..<8 {
          let even = whole(from[16 * half + 2 * place] * inverse)
          let odd = whole(from[16 * half + 2 * place + 1] * inverse)
          to.storeBytes(
            of: Int16(truncatingIfNeeded: even), toByteOffset: 16 * half + 2 * place, as: Int16.self
          )
          to.storeBytes(
            of: Int16(truncatingIfNeeded: odd), toByteOffset: 32 + 16 * half + 2 * place,
            as: Int16.self)
          sum &+= even &+ odd
        }
      }
      to.storeBytes(of: scale, toByteOffset: scaleOffset, as: Float.self)
      to.storeBytes(
        of: SIMD4<Int32>(sum &* -8, 0, 0, 0), toByteOffset: sumOffset, as: SIMD4<Int32>.self)
    }
  }

  /// The nearest whole number to one within ±2²¹, without a library call.
  @inline(__always)
  static func whole(_ x: Float) -> Int32 {
    Int32(truncatingIfNeeded: (x + 12_582_912).bitPattern) &- 0x4B40_0000
  }

  @inline(__always)
  private static func largest(_ x: UnsafePointer<Float>) -> Float {
    var most = Lanes()
    for index in Swift.stride(from: 0, to: block, by: Lanes.width) {
      let value = Lanes(x + index)
      most = most.larger(value).larger(-value)
    }
    return most.largest
  }
}
