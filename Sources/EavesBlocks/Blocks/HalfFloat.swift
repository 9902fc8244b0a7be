/// IEEE half precision by its bits: block formats keep scales in it.
///
/// Written out because `Float16` is not there on every platform.
enum HalfFloat {
  /// The value of 16 bits.
  static func value(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }

  /// The nearest 16 bits, ties to even; too large is infinity.
  static func bits(_ value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let size = value.magnitude
    guard size.isFinite else { return sign | (size.isNaN ? 0x7E00 : 0x7C00) }
    guard size < 65520 else { return sign | 0x7C00 }
    // One more than the largest subnormal is the smallest normal number: the fraction carries over by itself.
    let exponent = max(-14, size == 0 ? -14 : Int(size.exponent))
    let steps = (size * Float(sign: .plus, exponent: 10 - exponent, significand: 1))
      .rounded(.toNearestOrEven)
    return sign | (UInt16(exponent + 14) << 10 + UInt16(steps))
  }

  /// What is left of a value that is stored so.
  static func rounded(_ value: Float) -> Float { self.value(bits(value)) }
}
