import Quantities

/// A part of layers whose products read activations that are quantised first: three lane operations an element
/// (scale, round, convert) and one for the largest of a row (docs/method.md 3).
struct QuantisedInputs: Emitter {
  let part: any Emitter

  /// Lane operations an element that is read by a product of a layer.
  static let operations = 4.0

  var dependsOnContext: Bool { part.dependsOnContext }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let first = buffer.count
    part.emit(step, into: &buffer)
    buffer.change(from: first) { operation in
      guard operation.isLayerProduct else { return }
      for index in 0..<operation.operandCount
      where operation.operands[index].role == .activationRead {
        operation.work.vector += FLOPs(Self.operations * operation.operands[index].elements)
      }
    }
  }

  func isSame(as other: any Emitter) -> Bool {
    (other as? QuantisedInputs).map { part.isSame(as: $0.part) } ?? false
  }
}
