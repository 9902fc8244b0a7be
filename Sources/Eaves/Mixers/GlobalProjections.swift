/// Projections of their own for global tokens: 3·(d·H·d_h + H·d_h) weights a layer.
///
/// Beltagy et al. 2020, Longformer, section 3.1, "Linear Projections for Global Attention".
///
/// A global query reads every key, so keys and values of this kind are made of all rows, queries of the global
/// rows alone; so does `_compute_global_attn_output_from_hidden` of transformers. Without global tokens (another
/// pattern was asked for) the weights are resident and nothing is computed.
struct GlobalProjections: Emitter, Equatable {
  private let input: Int
  private let shape: Block.Attention
  private let globalTokens: Int
  private let query: CompactFormat
  private let key: CompactFormat
  private let value: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(hidden: Int, shape: Block.Attention, globalTokens: Int, formats: LayerFormats) {
    input = shape.inputSize ?? hidden
    self.shape = shape.withoutPattern
    self.globalTokens = globalTokens
    query = formats.compact(.query)
    key = formats.compact(.key)
    value = formats.compact(.value)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .query)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let global = step.batch * min(globalTokens, step.newTokens)
    let rows = global == 0 ? 0 : step.rows
    let keys = shape.kvHeads * shape.headSize
    emit(global, columns: shape.queryWidth, into: &buffer) { operation, touched in
      operation.add(weights(shape.queryWidth, query, touched))
    }
    emit(rows, columns: shape.entryWidth, into: &buffer) { operation, touched in
      operation.add(weights(keys, key, touched))
      operation.add(weights(shape.entryWidth - keys, value, touched))
    }
  }

  private func weights(_ rows: Int, _ format: CompactFormat, _ touched: Double) -> Operand {
    Operand(.weights, rows: rows, columns: input, format: format, touched: touched, resident: 1)
  }

  /// [rows, d] × [d, columns]; `matrices` adds what is multiplied with, which no rows do not touch.
  private func emit(
    _ rows: Int, columns: Int, into buffer: inout OperationBuffer,
    _ matrices: (inout Operation, Double) -> Void
  ) {
    let touched = rows == 0 ? 0.0 : 1
    var work = Work.product(
      m: Double(rows), n: Double(columns), k: Double(input), precision: precision)
    work.launches = touched
    buffer.append(.qkv, .matmul(m: Double(rows), n: columns, k: input, count: 1), work: work) {
      operation in
      operation.add(Operand(.activationRead, rows: rows, columns: input, format: activations))
      matrices(&operation, touched)
      if shape.hasQKVBias {
        operation.add(
          Operand(
            .weights, rows: 1, columns: columns, format: bias, touched: touched, resident: 1))
      }
      operation.add(Operand(.activationWrite, rows: rows, columns: columns, format: activations))
    }
  }
}
