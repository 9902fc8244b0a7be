/// exp, logarithm and what is made of them, on vectors of floats.
///
/// Products and sums alone: a fused multiply-add would be a library call on x86-64 without flags.
enum LaneMath {
  /// exp of each lane; below −87 it is that of −87, above 88 that of 88.
  ///
  /// 2ⁿ·p(r) with n = round(x / ln 2), r = x − n·ln 2 and the Taylor polynomial of degree 7, whose remainder on
  /// |r| ≤ ln 2 / 2 is below 10⁻⁸; rounding is by adding and subtracting 1.5·2²³, which takes no library call.
  @inline(__always)
  static func exp(_ x: Lanes) -> Lanes {
    let low = Lanes(repeating: -87)
    let high = Lanes(repeating: 88)
    var x = x.replacing(with: low, where: x .< low)
    x = x.replacing(with: high, where: x .> high)
    return bounded(x)
  }

  /// exp of lanes that are at most 88; below −87 it is that of −87.
  @inline(__always)
  static func expBelow(_ x: Lanes) -> Lanes {
    let low = Lanes(repeating: -87)
    return bounded(x.replacing(with: low, where: x .< low))
  }

  @inline(__always)
  private static func bounded(_ x: Lanes) -> Lanes {
    let shifted = x * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    // ln 2 in two parts: the first has few digits, so that n times it is exact.
    let r = (x - n * 0.693_359_375) - n * -2.121_944_4e-4
    var p = r * 1.984_127e-4 + 1.388_889e-3
    p = p * r + 8.333_333_8e-3
    p = p * r + 4.166_666_8e-2
    p = p * r + 1.666_666_7e-1
    p = p * r + 0.5
    p = p * r + 1
    p = p * r + 1
    // The low bits of `shifted` hold n; added to the exponent they multiply by 2ⁿ.
    let power = unsafeBitCast(shifted, to: LaneBits.self) &<< 23
    return unsafeBitCast(unsafeBitCast(p, to: LaneBits.self) &+ power, to: Lanes.self)
  }

  /// log(1 + y) of lanes between 0 and 1: 2·artanh(s), s = y/(y + 2), by its series up to s¹⁵, whose remainder on
  /// s ≤ ⅓ is below 10⁻⁹.
  @inline(__always)
  private static func logOfOnePlus(_ y: Lanes) -> Lanes {
    let s = y / (y + 2)
    let z = s * s
    var p = z * 0.133_333_33 + 0.153_846_16
    p = p * z + 0.181_818_18
    p = p * z + 0.222_222_22
    p = p * z + 0.285_714_3
    p = p * z + 0.4
    p = p * z + 0.666_666_7
    return s * 2 + s * (p * z)
  }

  /// log(1 + exp(x)), without loss for large x.
  @inline(__always)
  static func softplus(_ x: Lanes) -> Lanes {
    let zero = Lanes()
    let positive = x.replacing(with: zero, where: x .< zero)
    // −|x|
    let down = x.replacing(with: -x, where: x .> zero)
    return positive + logOfOnePlus(expBelow(down))
  }

  /// 1 / (1 + exp(−x)).
  @inline(__always)
  static func sigmoid(_ x: Lanes) -> Lanes { 1 / (exp(-x) + 1) }

  /// x / (1 + exp(−x)).
  @inline(__always)
  static func silu(_ x: Lanes) -> Lanes { x / (exp(-x) + 1) }

  /// 2·sigmoid(2x) − 1, which loses digits only where the result is small against 1.
  @inline(__always)
  static func tanh(_ x: Lanes) -> Lanes { 2 / (exp(x * -2) + 1) - 1 }
}
