/// RMS norms inside a recurrent mixer: 4 lane operations an element and one root a norm and row; a gate
/// that multiplies the rows first costs a SiLU and two products an element.
struct MixerNorm: Emitter, Equatable {
  private let width: Int
  /// Norms that the width is made of.
  private let count: Int
  private let isGated: Bool
  /// The format of the weights; `nil` for norms without any.
  private let weights: CompactFormat?
  private let activations: CompactFormat

  init(width: Int, count: Int, isGated: Bool, hasWeights: Bool, formats: LayerFormats) {
    self.width = width
    self.count = count
    self.isGated = isGated
    weights = hasWeights ? formats.compact(.norm) : nil
    activations = CompactFormat(formats.activations)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let elements = Double(rows) * Double(width)
    let norms = Double(rows) * Double(count)
    buffer.append(
      .mixerNorm, .reduction(rows: norms, columns: width / count),
      work: Work(
        vector: (isGated ? 6 : 4) * elements, special: norms + (isGated ? elements : 0))
    ) { operation in
      operation.add(
        Operand(
          .activationRead, rows: isGated ? 2 * rows : rows, columns: width, format: activations)
      )
      if let weights { operation.add(Operand(.weights, rows: 1, columns: width, format: weights)) }
      operation.add(Operand(.activationWrite, rows: rows, columns: width, format: activations))
    }
  }
}
