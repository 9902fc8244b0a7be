/// A base above 0 to a power that need not be whole: squares for the whole part, roots for the rest.
func power(_ base: Double, _ exponent: Double) -> Double {
  guard exponent >= 0 else { return 1 / power(base, -exponent) }
  var (result, square) = (1.0, base)
  var whole = exponent.rounded(.down)
  while whole > 0 {
    if whole.truncatingRemainder(dividingBy: 2) == 1 { result *= square }
    square *= square
    whole = (whole / 2).rounded(.down)
  }
  var (root, rest) = (base, exponent - exponent.rounded(.down))
  for _ in 0..<52 where rest > 0 {
    root = root.squareRoot()
    rest *= 2
    if rest >= 1 {
      result *= root
      rest -= 1
    }
  }
  return result
}

/// The natural logarithm of a number above 0: of its power of two, and of what is left by the series of artanh.
package func naturalLogarithm(_ value: Double) -> Double {
  let (significand, exponent) = (value.significand, Double(value.exponent))
  let ratio = (significand - 1) / (significand + 1)
  let square = ratio * ratio
  // The ratio is at most 1/3: 20 terms are more than a Double holds.
  var (sum, term) = (0.0, ratio)
  for index in 0..<20 {
    sum += term / Double(2 * index + 1)
    term *= square
  }
  return 2 * sum + exponent * 0.693_147_180_559_945_3
}
