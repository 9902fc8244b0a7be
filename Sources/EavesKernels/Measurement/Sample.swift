/// One timed run: how long it took, and how much of that it had a processor.
public struct Sample: Sendable, Equatable {
  /// Elapsed seconds.
  public let wall: Double
  /// Seconds of processor time: of the thread, or the mean over the threads of the run.
  public let cpu: Double

  /// A sample.
  public init(wall: Double, cpu: Double) {
    self.wall = wall
    self.cpu = cpu
  }

  /// Whether the run was not interrupted: elapsed time within `tolerance` times the processor time.
  public func isClean(tolerance: Double) -> Bool { wall > 0 && wall <= tolerance * cpu }
}
