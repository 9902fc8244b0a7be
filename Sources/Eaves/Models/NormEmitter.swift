/// Norms of rows with the residual addition that goes with them.
///
/// RMSNorm 4d lane operations and one root a row, LayerNorm 7d, scale and shift alone 2d and no root;
/// residual d (docs/method.md 1).
struct NormEmitter: Emitter, Equatable {
  let id: Operation.ID
  let width: Int
  /// Norm vectors of the model's width.
  let count: Int
  let norm: Model.Norm
  let hasBias: Bool
  let addsResidual: Bool
  /// Norm vectors of other widths.
  let extraWidths: [Int]
  let weights: CompactFormat
  let activations: CompactFormat

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let vectors = hasBias ? 2 : 1
    var elements = Double(rows * count) * Double(width)
    for extra in extraWidths { elements += Double(rows) * Double(extra) }
    let roots = norm == .affine ? 0 : count + extraWidths.count
    let residual = addsResidual ? Double(rows) * Double(width) : 0
    buffer.append(
      id, .reduction(rows: Double(rows * count), columns: width),
      work: Work(
        vector: norm.lanes * elements + residual, special: Double(rows * roots))
    ) { operation in
      let streams = addsResidual ? 2 : 1
      operation.add(
        Operand(.activationRead, rows: streams * rows, columns: width, format: activations))
      operation.add(Operand(.weights, rows: vectors * count, columns: width, format: weights))
      if !extraWidths.isEmpty {
        operation.add(
          Operand(.weights, rows: vectors, columns: extraWidths.reduce(0, +), format: weights))
      }
      operation.add(
        Operand(.activationWrite, rows: streams * rows, columns: width, format: activations))
    }
  }
}

extension Model.Norm {
  /// Lane operations an element.
  var lanes: Double {
    switch self {
    case .rmsnorm: 4
    case .layernorm: 7
    case .affine: 2
    }
  }
}
