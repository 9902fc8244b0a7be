/// Sums that closed forms share.
enum PatternArithmetic {
  /// 1 + 2 + … + n.
  static func triangle(_ n: Int) -> Double { Double(n) * Double(n + 1) / 2 }

  /// Σ min(q, limit) over q = 0 … count − 1.
  static func limitedSum(_ count: Int, limit: Int) -> Double {
    if count <= limit { return triangle(count - 1) }
    return triangle(limit) + Double(count - 1 - limit) * Double(limit)
  }

  /// Σ ⌊q / divisor⌋ over q = 0 … count − 1.
  static func quotientSum(_ count: Int, by divisor: Int) -> Double {
    let (whole, rest) = (count / divisor, count % divisor)
    return Double(divisor) * triangle(whole - 1) + Double(whole) * Double(rest)
  }

  /// Σ min(⌊q / divisor⌋, limit) over q = 0 … count − 1.
  static func quotientSum(_ count: Int, by divisor: Int, limit: Int) -> Double {
    let growing = min(count, divisor * limit)
    return quotientSum(growing, by: divisor) + Double(count - growing) * Double(limit)
  }

  /// Σ ⌊(start + step·i) / divisor⌋ over i = 0 … count − 1, none negative, in the time of Euclid's algorithm.
  static func quotientSum(_ count: Int, by divisor: Int, step: Int, from start: Int) -> Int {
    var (count, divisor, step, start) = (count, divisor, step, start)
    var total = 0
    while count > 0 {
      total += count * (count - 1) / 2 * (step / divisor) + count * (start / divisor)
      step %= divisor
      start %= divisor
      // Columns become rows: the lattice points below the line are counted from the other axis.
      let top = step * count + start
      count = top / divisor
      start = top % divisor
      (step, divisor) = (divisor, step)
    }
    return total
  }
}
