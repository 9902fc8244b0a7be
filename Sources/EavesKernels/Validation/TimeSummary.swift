/// Errors of the predictions of a set of kernels.
public struct TimeSummary: Sendable {
  /// What the set is.
  public let name: String
  /// Shapes with a prediction and a measurement.
  public let count: Int
  /// Mean, median and ninetieth percentile of the absolute error.
  public let mean: Double
  public let median: Double
  public let ninetieth: Double
  /// The median of the error with its sign: what is predicted too long is above zero.
  public let bias: Double

  /// Errors of some comparisons; `nil` where none has one.
  public init?(_ name: String, _ comparisons: [TimeComparison]) {
    let errors = comparisons.compactMap(\.error)
    guard !errors.isEmpty else { return nil }
    self.name = name
    count = errors.count
    let absolute = errors.map { abs($0) }.sorted()
    mean = absolute.reduce(0, +) / Double(count)
    median = Self.quantile(absolute, 0.5)
    ninetieth = Self.quantile(absolute, 0.9)
    bias = Self.quantile(errors.sorted(), 0.5)
  }

  /// A quantile of sorted values, on straight lines between them.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    guard low + 1 < sorted.count else { return last }
    return sorted[low] + (place - Double(low)) * (sorted[low + 1] - sorted[low])
  }
}
