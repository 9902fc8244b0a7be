public import Eaves

/// A fast kernel on one shape, with its memory: what is timed against the predicted time of its operations.
///
/// Not thread-safe: one kernel runs on one thread, and OpenBLAS on one (`BLASThreads`).
public protocol TimedKernel: AnyObject {
  /// The kernel family.
  var family: String { get }
  /// The shape, for people.
  var shape: String { get }
  /// The operations that `run` executes, as the emitters of Eaves describe them.
  var operations: [Operation] { get }

  /// Executes the operations: allocates nothing, touches only memory made before, gives the same result each time.
  func run()

  /// What the last run gave.
  var output: [Float] { get }

  /// The result by its definition in float64, from the same inputs; slow, for small shapes.
  func definition() -> [Double]
}
