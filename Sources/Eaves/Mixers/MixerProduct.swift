/// A projection of a recurrent mixer: [T, in] × [in, out], with a bias where there is one.
struct MixerProduct: Emitter, Equatable {
  private let id: Operation.ID
  private let input: Int
  private let output: Int
  private let weights: CompactFormat
  /// The format of the bias; `nil` where there is none.
  private let bias: CompactFormat?
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(
    _ id: Operation.ID, role: TensorRole, from input: Int, to output: Int, hasBias: Bool = false,
    formats: LayerFormats
  ) {
    self.id = id
    self.input = input
    self.output = output
    weights = formats.compact(role)
    bias = hasBias ? formats.compact(.bias) : nil
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: role)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    buffer.append(
      id, .matmul(m: Double(rows), n: output, k: input, count: 1),
      work: .product(
        m: Double(rows), n: Double(output), k: Double(input), precision: precision)
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: input, format: activations))
      operation.add(Operand(.weights, rows: output, columns: input, format: weights))
      if let bias { operation.add(Operand(.weights, rows: 1, columns: output, format: bias)) }
      operation.add(Operand(.activationWrite, rows: rows, columns: output, format: activations))
    }
  }
}
