#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the definitions in float64 have in common.
enum Definition {
  /// Σ aᵢ·bᵢ.
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
    (0..<count).reduce(0) { $0 + Double(a[$1]) * Double(b[$1]) }
  }

  /// exp(xᵢ) / Σ exp(xⱼ).
  static func softmax(_ x: [Double]) -> [Double] {
    let exps = x.map(exp)
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
