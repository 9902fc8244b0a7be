/// Tokens that prefer some experts: the i-th is drawn with a weight of 1/i^s, and a token's experts are distinct.
///
/// The same trace in every run, long enough that the share found in a cache is good to about 0.005.
struct ZipfRouting {
  let experts: Int
  let perToken: Int
  let exponent: Double
  static let tokens = 8192

  /// Experts of each token, drawn one after another among those not drawn yet.
  var trace: [[Int]] {
    let weights = (1...experts).map { exponential(-exponent * logarithm(Double($0))) }
    var sums: [Double] = []
    for weight in weights { sums.append((sums.last ?? 0) + weight) }
    let total = sums.last ?? 1
    var generator = Generator()
    return (0..<Self.tokens).map { _ in
      var drawn: [Int] = []
      var rejected = 0
      while drawn.count < perToken {
        // Drawing again what is there leaves the others in proportion; where that takes long, the others are added up.
        let expert =
          rejected < 8
          ? Self.first(in: sums, above: Double.random(in: 0..<total, using: &generator))
          : Self.other(than: drawn, weights, &generator)
        if drawn.contains(expert) {
          rejected += 1
        } else {
          drawn.append(expert)
        }
      }
      return drawn
    }
  }

  private static func first(in sums: [Double], above value: Double) -> Int {
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func other(
    than drawn: [Int], _ weights: [Double], _ generator: inout Generator
  ) -> Int {
    let others = weights.indices.filter { !drawn.contains($0) }
    let total = others.reduce(0) { $0 + weights[$1] }
    var rest = Double.random(in: 0..<max(total, .leastNormalMagnitude), using: &generator)
    for expert in others {
      rest -= weights[expert]
      if rest < 0 { return expert }
    }
    return others.last ?? 0
  }

  /// The same numbers in every run (Steele, Lea and Flood 2014, "SplitMix").
  private struct Generator: RandomNumberGenerator {
    private var state: UInt64 = 0x5eed

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }
}

/// The natural logarithm of a positive number: the exponent's, and 2·artanh((m − 1)/(m + 1)) of the significand m.
func logarithm(_ value: Double) -> Double {
  let (ratio, ln2) = (value.significand, 0.693_147_180_559_945_3)
  let step = (ratio - 1) / (ratio + 1)
  var (sum, power, odd) = (0.0, step, 1.0)
  while abs(power) > 1e-18 {
    sum += power / odd
    power *= step * step
    odd += 2
  }
  return Double(value.exponent) * ln2 + 2 * sum
}

/// e to a power, of which the whole multiples of ln 2 become the exponent and the rest is a series.
func exponential(_ value: Double) -> Double {
  let ln2 = 0.693_147_180_559_945_3
  let whole = (value / ln2).rounded()
  let rest = value - whole * ln2
  var (sum, term) = (1.0, 1.0)
  for place in 1...20 {
    term *= rest / Double(place)
    sum += term
  }
  return Double(sign: .plus, exponent: Int(max(-2000, min(2000, whole))), significand: sum)
}
