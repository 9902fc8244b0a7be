/// Queries, keys and values of the new tokens, and the gate of the output where there is one.
struct AttentionProjections: Emitter, Equatable {
  private let input: Int
  private let shape: Block.Attention
  private let query: CompactFormat
  private let key: CompactFormat
  private let value: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(hidden: Int, shape: Block.Attention, formats: LayerFormats) {
    input = shape.inputSize ?? hidden
    self.shape = shape.withoutPattern
    query = formats.compact(.query)
    key = formats.compact(.key)
    value = formats.compact(.value)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .query)
  }

  /// Columns of the queries, with the gate's: H·d_q, and H·d_v where there is one.
  private var queryColumns: Int {
    shape.queryWidth + (shape.hasOutputGate ? shape.outputWidth : 0)
  }

  /// [T, d] × [d, H·d_q + G·(d_q + d_v)]; without keys and values where an earlier layer's are used.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let width = queryColumns + (shape.sharesCache ? 0 : shape.entryWidth)
    buffer.append(
      .qkv, .matmul(m: Double(rows), n: width, k: input, count: 1),
      work: .product(
        m: Double(rows), n: Double(width), k: Double(input), precision: precision)
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: input, format: activations))
      operation.add(Operand(.weights, rows: queryColumns, columns: input, format: query))
      if !shape.sharesCache {
        operation.add(
          Operand(.weights, rows: shape.kvHeads * shape.headSize, columns: input, format: key))
        operation.add(
          Operand(
            .weights, rows: shape.kvHeads * shape.valueHeadSize, columns: input, format: value))
      }
      if shape.hasQKVBias {
        let ownsKeys = !shape.sharesCache && !shape.hasKeyBias
        let biased = ownsKeys ? width - shape.kvHeads * shape.headSize : width
        operation.add(Operand(.weights, rows: 1, columns: biased, format: bias))
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
    self.shape = shape.withoutPattern
    weights = formats.compact(.attentionOutput)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .attentionOutput)
  }

  /// [T, H·d_v] × [H·d_v, d], after the gate where there is one: a sigmoid and a product an element.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    if shape.hasOutputGate { emitGate(rows, into: &buffer) }
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

  private func emitGate(_ rows: Int, into buffer: inout OperationBuffer) {
    let elements = Double(rows) * Double(shape.outputWidth)
    buffer.append(
      .outputGate, .pointwise(elements: elements),
      work: Work(vector: 2 * elements, special: 2 * elements)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: 2 * rows, columns: shape.outputWidth, format: activations))
      operation.add(
        Operand(.activationWrite, rows: rows, columns: shape.outputWidth, format: activations))
    }
  }
}

extension Block.Attention {
  /// The same but for which keys are read, which makes no difference to the projections.
  var withoutPattern: Block.Attention {
    var shape = self
    shape.window = nil
    shape.pattern = nil
    return shape
  }
}
