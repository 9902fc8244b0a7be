/// Projections of their own for global tokens: 3·(d·H·d_h + H·d_h) weights a layer (Beltagy et al. 2020,
/// Longformer, section 3.1, "Linear Projections for Global Attention").
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
    let (keys, values) = (
      shape.kvHeads * shape.headSize, shape.kvHeads * shape.valueHeadSize
    )
    emit(global, [(shape.queryWidth, query)], into: &buffer)
    emit(global == 0 ? 0 : step.rows, [(keys, key), (values, value)], into: &buffer)
  }

  /// [rows, d] × [d, columns] for matrices of the same rows.
  private func emit(
    _ rows: Int, _ matrices: [(columns: Int, format: CompactFormat)],
    into buffer: inout OperationBuffer
  ) {
    let width = matrices.reduce(0) { $0 + $1.columns }
    var work = Work.product(
      m: Double(rows), n: Double(width), k: Double(input), precision: precision)
    if rows == 0 { work.launches = 0 }
    let touched = rows == 0 ? 0.0 : 1
    buffer.append(.qkv, .matmul(m: Double(rows), n: width, k: input, count: 1), work: work) {
      operation in
      operation.add(Operand(.activationRead, rows: rows, columns: input, format: activations))
      for matrix in matrices {
        operation.add(
          Operand(
            .weights, rows: matrix.columns, columns: input, format: matrix.format,
            touched: touched, resident: 1))
      }
      if shape.hasQKVBias {
        operation.add(
          Operand(
            .weights, rows: 1, columns: width, format: bias, touched: touched, resident: 1))
      }
      operation.add(Operand(.activationWrite, rows: rows, columns: width, format: activations))
    }
  }
}
