/// Queries, keys and values of the new tokens.
struct AttentionProjections: Emitter, Equatable {
  private let hidden: Int
  private let shape: Block.Attention
  private let query: CompactFormat
  private let key: CompactFormat
  private let value: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(hidden: Int, shape: Block.Attention, formats: LayerFormats) {
    self.hidden = hidden
    self.shape = shape
    query = formats.compact(.query)
    key = formats.compact(.key)
    value = formats.compact(.value)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .query)
  }

  /// [T, d] × [d, H·d_q + G·(d_q + d_v)].
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let width = shape.queryWidth + shape.entryWidth
    buffer.append(
      .qkv, .matmul(m: Double(rows), n: width, k: hidden, count: 1),
      work: .product(
        m: Double(rows), n: Double(width), k: Double(hidden), precision: precision)
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: hidden, format: activations))
      operation.add(Operand(.weights, rows: shape.queryWidth, columns: hidden, format: query))
      operation.add(
        Operand(.weights, rows: shape.kvHeads * shape.headSize, columns: hidden, format: key))
      operation.add(
        Operand(.weights, rows: shape.kvHeads * shape.valueHeadSize, columns: hidden, format: value)
      )
      if shape.hasQKVBias {
        operation.add(Operand(.weights, rows: 1, columns: width, format: bias))
      }
      operation.add(Operand(.activationWrite, rows: rows, columns: width, format: activations))
    }
  }
}

/// The product that takes the heads' results back to the model's width.
struct AttentionOutput: Emitter, Equatable {
  private let hidden: Int
  private let shape: Block.Attention
  private let weights: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(hidden: Int, shape: Block.Attention, formats: LayerFormats) {
    self.hidden = hidden
    self.shape = shape
    weights = formats.compact(.attentionOutput)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .attentionOutput)
  }

  /// [T, H·d_v] × [H·d_v, d].
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    buffer.append(
      .attentionOutput, .matmul(m: Double(rows), n: hidden, k: shape.outputWidth, count: 1),
      work: .product(
        m: Double(rows), n: Double(hidden), k: Double(shape.outputWidth), precision: precision)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: rows, columns: shape.outputWidth, format: activations))
      operation.add(Operand(.weights, rows: hidden, columns: shape.outputWidth, format: weights))
      if shape.hasOutputBias {
        operation.add(Operand(.weights, rows: 1, columns: hidden, format: bias))
      }
      operation.add(Operand(.activationWrite, rows: rows, columns: hidden, format: activations))
    }
  }
}
