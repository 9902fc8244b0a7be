public import Eaves
import EavesBlocks
public import Quantities

/// The memory of an operation: one buffer an operand, and nothing else.
///
/// What is read holds seeded values in [−1, 1), equal in every scalar; what is written holds none until it is. The
/// bytes that are allocated are the compulsory bytes of the operation.
public final class Buffers<Scalar: KernelScalar> {
  /// The operation that they are for.
  public let operation: Operation
  /// Buffers in the order of the operands.
  public let all: [Buffer<Scalar>]

  /// Allocates the operands of an operation.
  /// - Parameters:
  ///   - operation: whose operands.
  ///   - seed: of the values that are read.
  ///   - traces: caches that see every access.
  ///   - given: buffers that an earlier operation has written, by the operand that reads them.
  /// - Throws: `KernelError` where a given buffer has another shape.
  public init(
    _ operation: Operation, seed: UInt64 = 0, traces: [CacheTrace] = [],
    given: [Int: Buffer<Scalar>] = [:]
  ) throws(KernelError) {
    self.operation = operation
    var all: [Buffer<Scalar>] = []
    for index in 0..<operation.operandCount {
      let operand = operation.operands[index]
      var generator = SplitMix64(seed: seed &* 31 &+ UInt64(index))
      let buffer =
        given[index]
        ?? Buffer(operand, traces: traces) { _ in
          operand.isRead ? Scalar(Double(generator.uniform())) : Scalar(.nan)
        }
      guard Double(buffer.rows * buffer.columns) == operand.distinctElements.rounded(.up) else {
        throw .operandMismatch(
          "\(buffer.rows)×\(buffer.columns) for \(operand.distinctElements) elements")
      }
      all.append(buffer)
    }
    self.all = all
  }

  /// The buffer of an operand, by its place.
  public subscript(index: Int) -> Buffer<Scalar> { all[index] }

  /// Bytes of all operands.
  public var bytes: Bytes { all.reduce(.zero) { $0 + $1.bytes } }

  /// The buffers of operands with a role, in order.
  ///
  /// A buffer that an earlier operation has written is what this one makes of it.
  public func with(_ role: Operand.Role) -> [Buffer<Scalar>] {
    all.indices.filter { operation.operands[$0].role == role }.map { all[$0] }
  }

  /// The only buffer that is written, or the last.
  /// - Throws: `KernelError` where nothing is written.
  func output() throws(KernelError) -> Buffer<Scalar> {
    guard let output = with(.activationWrite).last else {
      throw .operandMismatch("nothing is written")
    }
    return output
  }

  /// The buffer at a place.
  /// - Throws: `KernelError` where it has another shape.
  func buffer(_ index: Int, rows: Int, columns: Int) throws(KernelError) -> Buffer<Scalar> {
    guard index < all.count, all[index].rows == rows, all[index].columns == columns else {
      let found = index < all.count ? "\(all[index].rows)×\(all[index].columns)" : "none"
      throw .operandMismatch("operand \(index) is \(found), not \(rows)×\(columns)")
    }
    return all[index]
  }
}

extension Operand {
  /// Whether a kernel finds values in it.
  var isRead: Bool {
    switch role {
    case .weights, .cacheRead, .state, .activationRead, .stepInput: true
    case .cacheWrite, .activationWrite, .stepOutput: false
    }
  }
}
