/// exp, logarithm and what is made of them, on vectors of floats.
///
/// Products and sums alone: a fused multiply-add would be a library call on x86-64 without flags.
enum LaneMath {
  /// exp of each lane; below −87 it is that of −87, above 88 that of 88.
  ///
  /// 2ⁿ·p(r) with n = round(x / ln 2), r = x − n·ln 2 and the polynomial of degree 6 that begins with 1 + r and has the
  /// least relative error on |r| ≤ ln 2 / 2: 3·10⁻⁹; rounding is by adding and subtracting 1.5·2²³, which takes no
  /// library call.
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
    let shifted = Lanes(repeating: 12_582_912).adding(product: x, Lanes(repeating: 1.442_695_04))
    let n = shifted - 12_582_912
    // ln 2 in two parts: the first has few digits, so that n times it is exact.
    let r = x.adding(product: n, Lanes(repeating: -0.693_359_375))
      .adding(product: n, Lanes(repeating: 2.121_944_4e-4))
    // Four short sums rather than one long chain.
    let square = r * r
    let low = Lanes(repeating: 0.499_999_93).adding(product: r, Lanes(repeating: 0.166_665_2))
    let high = Lanes(repeating: 4.166_839_4e-2)
      .adding(product: r, Lanes(repeating: 8.368_780_5e-3))
      .adding(product: square, Lanes(repeating: 1.381_446_6e-3))
    let p = (r + 1).adding(product: square, low.adding(product: square, high))
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

  /// √x of lanes above zero, or zero: x/√x by three of Newton's steps; the library's function is a call a lane.
  @inline(__always)
  static func root(_ x: Lanes) -> Lanes {
    let bits = LaneBits(repeating: 0x5F37_5A86) &- (unsafeBitCast(x, to: LaneBits.self) &>> 1)
    let half = x * 0.5
    var y = unsafeBitCast(bits, to: Lanes.self)
    y = y * (1.5 - half * y * y)
    y = y * (1.5 - half * y * y)
    y = y * (1.5 - half * y * y)
    return x * y
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
