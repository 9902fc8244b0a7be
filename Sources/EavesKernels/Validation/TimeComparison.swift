public import Eaves
public import Quantities

/// A kernel on one shape: what it was predicted to take, and what it took.
public struct TimeComparison: Sendable {
  /// The kernel family and the shape.
  public let family: String
  public let shape: String
  /// Distinct bytes that a run touches.
  public let workingSet: Bytes
  /// Whether the shape is one of those that no model of time was made with.
  public let isHeldOut: Bool
  /// Whether the working set is near the capacity of a cache (`CacheEdges`).
  public let isAtEdge: Bool
  /// The prediction; `nil` where the profile lacks a piece of the kernel.
  public let predicted: KernelTime?
  /// Seconds of a run over the rounds.
  public internal(set) var series = Series()

  init(_ shape: TimedShape, predicted: KernelTime?, isAtEdge: Bool) {
    family = shape.family
    self.shape = shape.shape
    workingSet = Bytes(Double(shape.workingSetBytes))
    isHeldOut = shape.isHeldOut
    self.predicted = predicted
    self.isAtEdge = isAtEdge
  }

  /// The shortest run, which is what pieces are measured by too; `nil` before the first.
  public var best: Seconds? { series.best.map { Seconds($0) } }

  /// The median over the rounds of the shortest run of each.
  public var median: Seconds? {
    series.best.flatMap { best in series.spread.map { Seconds(best * (1 + $0)) } }
  }

  /// Expected over measured, less one; `nil` where either is unknown.
  public var error: Double? { error(of: best) }

  /// The same against the median.
  public var errorOfMedian: Double? { error(of: median) }

  private func error(of measured: Seconds?) -> Double? {
    guard let measured, let predicted, measured > .zero else { return nil }
    return predicted.expected.value / measured.value - 1
  }

  /// Whether it was not faster than the lower bound, beyond the spread of what was measured; at most a fiftieth where
  /// nothing spread.
  public var respectsLowerBound: Bool? {
    guard let best, let predicted else { return nil }
    return best.value * (1 + max(0.02, series.spread ?? 0)) >= predicted.lower.value
  }

  /// What takes most of the time.
  public var bound: String? {
    predicted.map { $0.isMemoryBound ? "memory" : "compute" }
  }
}

/// Working sets at which neither side of a cache's capacity describes what happens: reported apart, by a rule that was
/// set before anything was measured.
public struct CacheEdges: Sendable {
  /// Capacities of the caches beyond the nearest, in bytes of one thread.
  private let capacities: [Double]
  /// From this share of a capacity to that.
  public static let range = 0.5...1.25

  /// The edges of a chip's caches.
  public init(_ chip: Chip) {
    capacities = chip.memory.filter { $0.kind == .cache }.dropFirst().compactMap {
      $0.capacity?.value.value
    }
  }

  /// Whether a working set is at an edge.
  public func contains(_ workingSet: Bytes) -> Bool {
    capacities.contains { Self.range.contains(workingSet.value / $0) }
  }
}
