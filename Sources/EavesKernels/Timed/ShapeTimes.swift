import Eaves

/// How long the shapes of the grid take, one after the other.
public struct ShapeTimes: Sendable {
  /// The shape.
  public let shape: TimedShape
  /// Seconds of a run: the least of the clean samples.
  public let seconds: Double
  /// (median − least) / least.
  public let spread: Double

  /// Times shapes on one thread; only one kernel at a time has memory.
  /// - Parameters:
  ///   - shapes: what is timed.
  ///   - seconds: for each shape.
  /// - Returns: their times, in order.
  public static func measure(_ shapes: [TimedShape], seconds: Double) -> [ShapeTimes] {
    BLASThreads.set(1)
    return shapes.compactMap { shape in
      let probe = SpeedComparison.probe(shape.make(), work: 1)
      let results = Sampler(now: MeasurementClock.wall, measure: Team.sample).run(
        [probe], budget: seconds, progress: { _ in })
      guard let result = results.first, let time = result.time else { return nil }
      return ShapeTimes(shape: shape, seconds: time, spread: result.series.spread ?? 0)
    }
  }
}
