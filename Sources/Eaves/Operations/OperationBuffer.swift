public import Quantities

/// The operations of one step: reused from step to step, so that no array is made for each.
public struct OperationBuffer: Sendable {
  public private(set) var operations: [Operation] = []
  /// How many identical layers the next operations stand for.
  public var repeats: Double = 1

  /// An empty buffer with room for the usual step.
  public init() { operations.reserveCapacity(64) }

  /// Forgets the operations, keeps the room.
  public mutating func removeAll() {
    operations.removeAll(keepingCapacity: true)
    repeats = 1
  }

  /// Adds an operation.
  public mutating func append(_ operation: Operation) { operations.append(operation) }

  /// The largest activations of one operation: the workspace of a step.
  public var largestActivations: Bytes {
    var largest = Bytes.zero
    for index in operations.indices {
      largest = max(largest, operations[index].activationBytes)
    }
    return largest
  }
}

extension Operation {
  /// Bytes of intermediate results that it reads and writes.
  var activationBytes: Bytes {
    var bytes = Bytes.zero
    for slot in 0..<operandCount {
      switch operands[slot].role {
      case .activationRead, .activationWrite: bytes += operands[slot].bytes
      default: break
      }
    }
    return bytes
  }
}
