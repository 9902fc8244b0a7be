import Quantities

/// The filters that make rows of frames, and the positions that are added to them.
struct EncoderInputEmitter: Emitter, Equatable {
  let width: Int
  let input: EncoderInput
  let filters: CompactFormat
  let bias: CompactFormat
  let positions: CompactFormat
  let activations: CompactFormat
  let precision: MultiplyPrecision

  /// [b·frames, kernel·channels] × [kernel·channels, d] for each filter; the last gives the step's tokens.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    var frames = input.convolutions.reduce(step.rows) { $0 * $1.stride }
    for (index, convolution) in input.convolutions.enumerated() {
      let made = frames / convolution.stride
      emit(convolution, isFirst: index == 0, read: frames, made: made, into: &buffer)
      frames = made
    }
    emitPositions(step, into: &buffer)
  }

  private func emit(
    _ convolution: EncoderInput.Convolution, isFirst: Bool, read: Int, made: Int,
    into buffer: inout OperationBuffer
  ) {
    let depth = convolution.kernel * convolution.channels
    let elements = Double(made) * Double(width)
    let gelu = Block.FeedForward.Activation.gelu.cost(gated: false)
    var work = Work.product(
      m: Double(made), n: Double(width), k: Double(depth), precision: precision)
    work.vector = FLOPs(gelu.vector * elements)
    work.special = FLOPs(gelu.special * elements)
    buffer.append(
      .inputConvolution, .matmul(m: Double(made), n: width, k: depth, count: 1), work: work
    ) { operation in
      operation.add(
        Operand(
          isFirst ? .stepInput : .activationRead, rows: read, columns: convolution.channels,
          format: activations))
      operation.add(Operand(.weights, rows: width, columns: depth, format: filters))
      operation.add(Operand(.weights, rows: 1, columns: width, format: bias))
      operation.add(Operand(.activationWrite, rows: made, columns: width, format: activations))
    }
  }

  private func emitPositions(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = Double(step.rows)
    buffer.append(
      .embedding, .gather(rows: rows, columns: width), work: Work(vector: rows * Double(width))
    ) { operation in
      operation.add(
        Operand(
          .weights, rows: 1, columns: width, format: positions,
          touched: Double(step.newTokens), resident: Double(input.positionRows)))
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: width, format: activations))
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: width, format: activations))
    }
  }
}
