/// Matrix states of linear attention: what one token adds, and what it reads.
enum LaneState {
  /// One token of one head: memory' = memory + k·vᵀ, sums' = sums + k, result = q·memory' / q·sums'.
  ///
  /// The state lies as memory [features, width], then sums [features]; features and width are multiples of 16.
  @inline(never)
  static func token(
    _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>,
    _ memory: UnsafePointer<Float>, into next: UnsafeMutablePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, features: Int, width: Int
  ) {
    output.update(repeating: 0, count: width)
    // Two rows of the state at a time: the result is loaded and stored half as often.
    for i in stride(from: 0, to: features, by: 2) {
      let (k0, k1, q0, q1) = (k[i], k[i + 1], q[i], q[i + 1])
      let (row, made) = (memory + i * width, next + i * width)
      for j in stride(from: 0, to: width, by: Lanes.width) {
        let x = Lanes(v + j)
        let first = Lanes(row + j) + x * k0
        let second = Lanes(row + width + j) + x * k1
        first.store(made + j)
        second.store(made + width + j)
        (Lanes(output + j) + (first * q0 + second * q1)).store(output + j)
      }
    }
    let (sums, nextSums) = (memory + features * width, next + features * width)
    var weight = Lanes()
    for i in stride(from: 0, to: features, by: Lanes.width) {
      let sum = Lanes(sums + i) + Lanes(k + i)
      sum.store(nextSums + i)
      weight += Lanes(q + i) * sum
    }
    LaneSoftmax.multiply(output, count: width, by: 1 / weight.total)
  }

  /// sums += k, and the product of q with them; the features are a multiple of 16.
  @inline(__always)
  static func normaliser(
    _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>,
    features: Int
  ) -> Float {
    var weight = Lanes()
    for i in stride(from: 0, to: features, by: Lanes.width) {
      let sum = Lanes(sums + i) + Lanes(k + i)
      sum.store(sums + i)
      weight += Lanes(q + i) * sum
    }
    return weight.total
  }
}
