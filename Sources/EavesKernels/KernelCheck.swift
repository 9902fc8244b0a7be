import Eaves
import Quantities

/// A kernel run against its float64 oracle on one shape, and what it did against what was predicted.
public struct KernelCheck: Sendable {
  /// The kernel family.
  public let family: String
  /// The shape, for people.
  public let shape: String
  /// Relative L2 error against the oracle in float32.
  public let error: Double
  /// What it may be: 1e-5 for fp32 kernels (docs/validation.md).
  public let tolerance: Double
  /// What was counted; `nil` for a library, which cannot be counted.
  public let counts: Counts?

  /// Counts of a kernel beside those of its operations.
  public struct Counts: Sendable, Hashable {
    /// Matrix FLOPs that were executed, and that the operations say are.
    public let matrix: Double
    public let predictedMatrix: Double
    /// Special functions that were called, and that the operations say are.
    public let special: Int
    public let predictedSpecial: Double
    /// Special functions that are known to be missing from the operations.
    public let unpredictedSpecial: Int
    /// Lane operations that were done, and that the operations say are: a figure by convention, not held.
    public let lanes: Int
    public let predictedLanes: Double

    /// Whether the kernel did what was predicted, and what is known to be missing from that.
    public var areEqual: Bool {
      matrix == predictedMatrix && Double(special - unpredictedSpecial) == predictedSpecial
    }
  }

  /// Whether the kernel is right.
  public var isWithinTolerance: Bool { error <= tolerance }

  /// Whether it is right and did what was predicted.
  public var holds: Bool { isWithinTolerance && counts?.areEqual ?? true }

  /// A kernel that is not counted.
  init(family: String, shape: String, error: Double, tolerance: Double) {
    self.family = family
    self.shape = shape
    self.error = error
    self.tolerance = tolerance
    counts = nil
  }

  /// Runs a case in float32 and counted.
  /// - Throws: `KernelError` where the kernel does not run the operations: a fault of ours.
  public init(_ kernel: any KernelCase) throws(KernelError) {
    family = kernel.family
    shape = kernel.shape
    tolerance = kernel.tolerance
    error = try Self.error(of: kernel, in: Float.self)
    let operations = try kernel.operations
    let (_, counter) = try Counter.counting { () throws(KernelError) in
      try kernel.execute(in: Memory<Counted>(operations))
    }
    counts = Counts(
      matrix: counter.matrixFLOPs,
      predictedMatrix: operations.reduce(0) { $0 + $1.work.executedMatrix.value },
      special: counter.special,
      predictedSpecial: operations.reduce(0) { $0 + $1.work.special.value },
      unpredictedSpecial: try kernel.unpredictedSpecial, lanes: counter.lanes,
      predictedLanes: operations.reduce(0) { $0 + $1.work.vector.value })
  }

  /// The relative error of a case in some scalar.
  public static func error<Scalar: KernelScalar>(
    of kernel: some KernelCase, in scalar: Scalar.Type
  ) throws(KernelError) -> Double {
    let operations = try kernel.operations
    let result = try kernel.execute(in: Memory<Scalar>(operations))
    let exact = try kernel.define(from: Memory<Double>(operations))
    return relativeError(of: result.map(\.widened), against: exact)
  }

  /// ‖y − reference‖₂ / ‖reference‖₂.
  public static func relativeError(of values: [Double], against reference: [Double]) -> Double {
    guard values.count == reference.count else { return .infinity }
    var difference = 0.0
    var norm = 0.0
    for (value, exact) in zip(values, reference) {
      difference += (value - exact) * (value - exact)
      norm += exact * exact
    }
    return (difference / norm).squareRoot()
  }
}
