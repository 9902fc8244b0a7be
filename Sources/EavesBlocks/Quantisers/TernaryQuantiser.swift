public import Eaves

/// Values −1, 0, 1 times the mean magnitude of the matrix (BitNet b1.58, equation 1–3: absmean).
public struct TernaryQuantiser: Quantiser {
  public let format: NumberFormat
  public let blockElements = 1

  init(_ format: NumberFormat) { self.format = format }

  public func rounded(_ values: [Float]) -> [Float] {
    let sum = values.reduce(0.0) { $0 + Double($1.magnitude) }
    let scale = Float(sum / Double(max(1, values.count)))
    guard scale > 0 else { return values.map { _ in 0 } }
    return values.map { scale * min(1, max(-1, ($0 / scale).rounded(.toNearestOrEven))) }
  }
}
