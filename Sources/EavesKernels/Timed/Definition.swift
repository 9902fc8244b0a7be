#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

private func exponential(_ x: Double) -> Double { exp(x) }

/// What the definitions in float64 have in common.
enum Definition {
  /// eˣ.
  static func exp(_ x: Double) -> Double { exponential(x) }

  /// Σ aᵢ·bᵢ.
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
    (0..<count).reduce(0) { $0 + Double(a[$1]) * Double(b[$1]) }
  }

  /// exp(xᵢ) / Σ exp(xⱼ).
  static func softmax(_ x: [Double]) -> [Double] {
    let exps = x.map { exp($0) }
    let sum = exps.reduce(0, +)
    return exps.map { $0 / sum }
  }

  /// exp(xᵢ) / Σ exp(xⱼ).
  static func softmax(_ x: UnsafePointer<Float>, _ count: Int) -> [Double] {
    softmax((0..<count).map { Double(x[$0]) })
  }

  /// 1 / (1 + exp(−x)).
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// log(1 + exp(x)).
  static func softplus(_ x: Double) -> Double { log1p(exp(x)) }

  /// x / (1 + exp(−x)).
  static func silu(_ x: Double) -> Double { x * sigmoid(x) }
}

extension Definition {
  /// Attention row by row: [queries, heads, valueWidth].
  static func attention(
    queries: Int, heads: Int, valueWidth: Int, scale: Double,
    visible: (Int) -> (first: Int, end: Int),
    score: (_ query: Int, _ key: Int, _ head: Int) -> Double,
    value: (_ key: Int, _ head: Int, _ column: Int) -> Double
  ) -> [Double] {
    var result: [Double] = []
    for query in 0..<queries {
      let (first, end) = visible(query)
      for head in 0..<heads {
        let weights = softmax((first..<end).map { scale * score(query, $0, head) })
        for column in 0..<valueWidth {
          result.append(
            (first..<end).reduce(0) { $0 + weights[$1 - first] * value($1, head, column) })
        }
      }
    }
    return result
  }
}

extension Definition {
  /// 2·σ(2x) − 1.
  static func tanh(_ x: Double) -> Double { 2 * sigmoid(2 * x) - 1 }
}
