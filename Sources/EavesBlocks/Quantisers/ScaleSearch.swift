/// Searches for the scale of a group of weights that leaves the least weighted error, as k-quants do.
///
/// Source: `make_qx_quants`, `make_q3_quants` and `make_qkx2_quants` in `ggml/src/ggml-quants.c` of
/// ggml-org/llama.cpp; sums are formed in the same order, so that results are the same to the last bit.
struct ScaleSearch {
  let values: ArraySlice<Float>
  private static let nothing: Float = 1e-15

  /// The value of the largest magnitude; `nil` where all are nothing.
  private var extreme: Float? {
    var extreme: Float = 0
    for value in values where value.magnitude > extreme.magnitude { extreme = value }
    return extreme.magnitude < Self.nothing ? nil : extreme
  }

  /// What a search finds: a scale, what is subtracted, and the level of each value from 0.
  struct Fit {
    var scale: Float
    var least: Float = 0
    var levels: [Int]
  }

  private var zero: Fit { Fit(scale: 0, levels: values.map { _ in 0 }) }

  /// A scale for levels −n … n−1; every square weighs as much as the value's own.
  func symmetric(_ n: Int) -> Fit {
    guard let extreme else { return zero }
    func sums(_ inverse: Float) -> (lx: Float, l2: Float) {
      var (lx, l2): (Float, Float) = (0, 0)
      for x in values {
        let level = Float(Self.level(inverse * x, -n, n - 1))
        let weight = x * x
        lx += weight * x * level
        l2 += weight * level * level
      }
      return (lx, l2)
    }
    var chosen = -Float(n) / extreme
    let first = sums(chosen)
    var scale = first.l2 != 0 ? first.lx / first.l2 : 0
    var best = scale * first.lx
    for step in -9...9 where step != 0 {
      let inverse = -(Float(n) + 0.1 * Float(step)) / extreme
      let (lx, l2) = sums(inverse)
      if l2 > 0, lx * lx > best * l2 {
        scale = lx / l2
        best = scale * lx
        chosen = inverse
      }
    }
    return Fit(scale: scale, levels: values.map { Self.level(chosen * $0, -n, n - 1) + n })
  }

  /// The same by moving one level after the other as long as that helps, at most five times over.
  func coordinate(_ n: Int) -> Fit {
    guard let extreme else { return zero }
    let inverse = -Float(n) / extreme
    var levels: [Int] = []
    var (lx, l2): (Float, Float) = (0, 0)
    for x in values {
      let level = Self.level(inverse * x, -n, n - 1)
      levels.append(level)
      let weight = x * x
      lx += weight * x * Float(level)
      l2 += weight * Float(level) * Float(level)
    }
    for _ in 0..<5 {
      var isChanged = false
      for (index, x) in values.enumerated() {
        let weight = x * x
        let old = Float(levels[index])
        var restLX = lx - weight * x * old
        guard restLX > 0 else { continue }
        var restL2 = l2 - weight * old * old
        let level = Self.level(x * restL2 / restLX, -n, n - 1)
        guard level != levels[index] else { continue }
        restLX += weight * x * Float(level)
        restL2 += weight * Float(level) * Float(level)
        guard restL2 > 0, restLX * restLX * l2 > lx * lx * restL2 else { continue }
        levels[index] = level
        (lx, l2, isChanged) = (restLX, restL2, true)
      }
      if !isChanged { break }
    }
    return Fit(scale: l2 > 0 ? lx / l2 : 0, levels: levels.map { $0 + n })
  }

  /// A scale and what is subtracted, for levels 0 … n: one of several steps around that of the whole range.
  /// - Parameters:
  ///   - n: the highest level.
  ///   - weights: how much each error counts.
  ///   - first: the first step beside n.
  ///   - steps: how many follow, 0.1 apart.
  ///   - isAbsolute: whether errors count as they are rather than squared.
  /// - Returns: the best of them.
  func affine(
    _ n: Int, weights: [Float], first: Float, steps: Int, isAbsolute: Bool
  ) -> Fit {
    let x = Array(values)
    var (least, greatest) = (x[0], x[0])
    var (sumW, sumX) = (weights[0], weights[0] * x[0])
    for index in 1..<x.count {
      if x[index] < least { least = x[index] }
      if x[index] > greatest { greatest = x[index] }
      sumW += weights[index]
      sumX += weights[index] * x[index]
    }
    if least > 0 { least = 0 }
    guard greatest != least else { return Fit(scale: 0, least: -least, levels: x.map { _ in 0 }) }
    func error(_ scale: Float, _ least: Float, _ levels: [Float]) -> Float {
      var sum: Float = 0
      for index in x.indices {
        let difference = scale * levels[index] + least - x[index]
        sum += weights[index] * (isAbsolute ? difference.magnitude : difference * difference)
      }
      return sum
    }
    // Later steps round from the minimum of the best one so far.
    var base = least
    func levels(_ inverse: Float) -> [Float] {
      x.map { Float(Self.level(inverse * ($0 - base), 0, n)) }
    }
    var scale = 1 / (Float(n) / (greatest - least))
    var chosen = levels(Float(n) / (greatest - least))
    var best = error(scale, least, chosen)
    for step in 0...steps {
      let tried = levels((first + 0.1 * Float(step) + Float(n)) / (greatest - base))
      var (sumL, sumL2, sumXL): (Float, Float, Float) = (0, 0, 0)
      for index in x.indices {
        let weighted = weights[index] * tried[index]
        sumL += weighted
        sumL2 += weighted * tried[index]
        sumXL += weighted * x[index]
      }
      let determinant = sumW * sumL2 - sumL * sumL
      guard determinant > 0 else { continue }
      var thisScale = (sumW * sumXL - sumX * sumL) / determinant
      var thisLeast = (sumL2 * sumX - sumL * sumXL) / determinant
      if thisLeast > 0 { (thisLeast, thisScale) = (0, sumXL / sumL2) }
      let thisError = error(thisScale, thisLeast, tried)
      if thisError < best {
        (best, scale, base, chosen) = (thisError, thisScale, thisLeast, tried)
      }
    }
    return Fit(scale: scale, least: -base, levels: chosen.map { Int($0) })
  }

  /// The nearest whole number, ties to even, inside a range.
  static func level(_ value: Float, _ low: Int, _ high: Int) -> Int {
    guard value == value else { return low }
    return min(high, max(low, Int(clamping: value.rounded(.toNearestOrEven))))
  }
}
