public import Eaves

/// A kernel on one shape, with what Eaves predicts of it and with its definition in float64.
public protocol KernelCase: Sendable {
  /// The kernel family.
  static var family: String { get }

  /// The shape, for people.
  var shape: String { get }

  /// The operations that the kernel executes, as the emitters of Eaves describe them.
  var operations: [Operation] { get throws(KernelError) }

  /// Runs the kernel.
  /// - Parameter memory: the buffers of the operations, allocated as they are asked for.
  /// - Returns: the result.
  /// - Throws: `KernelError` where an operation is none that the kernel executes.
  func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar]

  /// The result by its definition, from the values that the same memory holds before the kernel runs.
  func define(from memory: Memory<Double>) throws(KernelError) -> [Double]

  /// What the relative error in float32 may be.
  var tolerance: Double { get }

  /// What it may be in float64: another order of the same sums.
  var exactTolerance: Double { get }

  /// Special functions that the kernel calls and the operations have no term for: a difference between model and
  /// machine that is known, stated and counted exactly.
  var unpredictedSpecial: Int { get throws(KernelError) }

  /// Elements of an operand that the kernel leaves alone: 0, but for choices that Eaves bounds from above.
  func untouched(_ operation: Operation, _ operand: Int) -> Int
}

extension KernelCase {
  public var tolerance: Double { 1e-5 }
  public var exactTolerance: Double { 1e-12 }
  public var unpredictedSpecial: Int { 0 }
  public func untouched(_ operation: Operation, _ operand: Int) -> Int { 0 }
  /// Its family.
  public var family: String { Self.family }
}

/// The buffers of a few operations that run one after the other.
public final class Memory<Scalar: KernelScalar> {
  /// The operations.
  public let operations: [Operation]
  /// What was allocated, in the order of asking.
  public private(set) var allocated: [Buffers<Scalar>] = []
  private let traces: [CacheTrace]

  /// Memory for operations; caches see all accesses.
  public init(_ operations: [Operation], traces: [CacheTrace] = []) {
    self.operations = operations
    self.traces = traces
  }

  /// Allocates the operands of an operation.
  /// - Parameters:
  ///   - index: which of the operations.
  ///   - given: buffers that are there already, by operand.
  /// - Returns: its buffers; equal values for equal places in every scalar.
  /// - Throws: `KernelError` where a buffer that is there already has another size.
  public func buffers(
    _ index: Int, given: [Int: Buffer<Scalar>] = [:]
  ) throws(KernelError) -> Buffers<Scalar> {
    let buffers = try Buffers(
      operations[index], seed: UInt64(index + 1), traces: traces, given: given)
    allocated.append(buffers)
    return buffers
  }

  /// The place of the operand of an operation that is the `number`th with a role.
  func place(
    _ role: Operand.Role, _ number: Int, of index: Int
  ) throws(KernelError) -> Int {
    let operation = operations[index]
    let places = (0..<operation.operandCount).filter { operation.operands[$0].role == role }
    guard number < places.count else { throw .operandMismatch("no operand \(number)") }
    return places[number]
  }
}
