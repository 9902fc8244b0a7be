/// The decimal number with the fewest digits that reads back to the same `Double`, and of those the
/// nearest: `digits` × 10^`exponent`, without trailing zeros.
///
/// This is the Schubfach algorithm (R. Giulietti, "The Schubfach way to render doubles", 2020). It
/// needs three multiplications of 64 by 128 bits and no string, where `Double.description` makes a
/// string on the heap for most fractions; the digits are the same.
struct ShortestDecimal {
  private(set) var digits: UInt64
  private(set) var exponent: Int

  /// The shortest decimal of a number that is finite and not 0; the sign is left out.
  init(_ value: Double) {
    let fraction = value.significandBitPattern
    let biased = value.exponentBitPattern
    // |value| = c × 2^q
    let c = biased == 0 ? fraction : fraction | 1 << 52
    let q = (biased == 0 ? 1 : Int(biased)) - 1075
    // A power of two is nearer to its neighbour below than to the one above.
    let isUneven = fraction == 0 && biased > 1

    // Everything is scaled by 4 × 10^-k, where 10^k is the largest power not above the interval of
    // numbers that round to `value`: between its ends then lies at least one multiple of 4.
    let k = (q * 1_262_611 - (isUneven ? 524_031 : 0)) >> 22
    let power = PowersOfTen.shared[-k]
    let shift = q + ((-k * 1_741_647) >> 19) + 1
    let lowEnd = power.scaled((4 * c - (isUneven ? 1 : 2)) << shift)
    let middle = power.scaled((4 * c) << shift)
    let highEnd = power.scaled((4 * c + 2) << shift)
    // The ends belong to the interval where `c` is even, as ties round to even.
    let lowest = lowEnd + (c & 1)
    let highest = highEnd - (c & 1)

    let floor = middle / 4
    digits = floor
    exponent = k
    if floor >= 10 {
      let tens = floor / 10
      let belowIsInside = lowest <= 40 * tens
      let aboveIsInside = 40 * tens + 40 <= highest
      if belowIsInside != aboveIsInside {
        digits = aboveIsInside ? tens + 1 : tens
        exponent = k + 1
        dropTrailingZeros()
        return
      }
    }
    let belowIsInside = lowest <= 4 * floor
    let aboveIsInside = 4 * floor + 4 <= highest
    if belowIsInside != aboveIsInside {
      if aboveIsInside { digits += 1 }
    } else if middle > 4 * floor + 2 || (middle == 4 * floor + 2 && floor & 1 == 1) {
      digits += 1
    }
    dropTrailingZeros()  // 9 may have become 10
  }

  /// Drops trailing zeros, of which there are at most 16: eight at once, then four, two and one.
  private mutating func dropTrailingZeros() {
    while drop(8, dividingBy: 100_000_000) {}
    _ = drop(4, dividingBy: 10_000)
    _ = drop(2, dividingBy: 100)
    _ = drop(1, dividingBy: 10)
  }

  @inline(__always)
  private mutating func drop(_ zeros: Int, dividingBy power: UInt64) -> Bool {
    let (quotient, rest) = digits.quotientAndRemainder(dividingBy: power)
    guard rest == 0 else { return false }
    digits = quotient
    exponent += zeros
    return true
  }
}

extension PowersOfTen.Power {
  /// `factor` × 10^k ÷ 2^(the exponent of the power), rounded so that it compares with whole numbers
  /// as the exact product does: the last bit is set where the product is not whole ("round to odd").
  @inline(__always)
  fileprivate func scaled(_ factor: UInt64) -> UInt64 {
    let (carry, _) = low.multipliedFullWidth(by: factor)
    let (whole, fraction) = high.multipliedFullWidth(by: factor)
    let (sum, overflow) = fraction.addingReportingOverflow(carry)
    return (whole + (overflow ? 1 : 0)) | (sum > 1 ? 1 : 0)
  }
}
