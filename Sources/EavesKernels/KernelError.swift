public import Eaves

/// Why a kernel does not run an operation.
public enum KernelError: Error, Equatable, CustomStringConvertible {
  /// The operation has a shape that the kernel does not execute.
  case wrongShape(Operation.ID)
  /// The operands do not agree with the shape.
  case operandMismatch(String)
  /// A model of one layer could not be made, or does not emit what is asked for.
  case notEmitted(String)

  public var description: String {
    switch self {
    case .wrongShape(let id): "no kernel executes the shape of \"\(id.name)\""
    case .operandMismatch(let what): "operands do not agree with the shape: \(what)"
    case .notEmitted(let what): "no such operation: \(what)"
    }
  }
}
