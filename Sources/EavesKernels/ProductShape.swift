public import Eaves

/// The sizes of a plain product, read off an operation and nothing else.
public struct ProductShape: Equatable, Sendable {
  /// Rows of the left factor (m), columns of the right (n), depth (k).
  public let m: Int
  public let n: Int
  public let k: Int

  /// Reads the shape of a product.
  /// - Throws: `KernelError` where the operation is no product of one activation and its weights, or its
  ///   operands do not add up to m·k, n·k and m·n elements.
  public init(_ operation: Operation) throws(KernelError) {
    guard case .matmul(let m, let n, let k, let count) = operation.kind, count == 1,
      m == m.rounded()
    else { throw .wrongShape(operation.id) }
    self.m = Int(m)
    self.n = n
    self.k = k
    var weights = 0.0
    for index in 0..<operation.operandCount {
      let operand = operation.operands[index]
      if operand.role == .weights, operand.columns == k { weights += operand.elements }
    }
    guard weights == Double(n * k) else {
      throw .operandMismatch("\(weights) weights for n·k = \(n * k)")
    }
  }
}
