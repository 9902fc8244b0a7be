import Quantities

/// Parts of a block that keep nothing from one step to the next.
struct StatelessMixer: TokenMixer {
  let parts: [any Emitter]

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}

/// A product of every row with a matrix, without bias, and what is done to its result on the way.
struct RowProduct: Emitter, Equatable {
  let id: Operation.ID
  let input: Int
  let output: Int
  let weights: CompactFormat
  let activations: CompactFormat
  let precision: MultiplyPrecision
  /// Lane operations and special functions a row, for what is fused with the product.
  var lanes = 0.0
  var specials = 0.0
  /// Width of a norm vector that is applied to the result; 0 where there is none.
  var normWidth = 0
  var norm: CompactFormat
  /// Elements a row that are read beside the input.
  var extraRead = 0

  /// [T, input] × [input, output].
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    var work = Work.product(
      m: Double(rows), n: Double(output), k: Double(input), precision: precision)
    work.vector = FLOPs(Double(rows) * lanes)
    work.special = FLOPs(Double(rows) * specials)
    buffer.append(id, .matmul(m: Double(rows), n: output, k: input, count: 1), work: work) {
      operation in
      operation.add(
        Operand(.activationRead, rows: rows, columns: input + extraRead, format: activations))
      operation.add(Operand(.weights, rows: output, columns: input, format: weights))
      if normWidth > 0 {
        operation.add(Operand(.weights, rows: 1, columns: normWidth, format: norm))
      }
      operation.add(Operand(.activationWrite, rows: rows, columns: output, format: activations))
    }
  }
}

extension RowProduct {
  /// A product with a matrix of a layer.
  init(
    _ id: Operation.ID, from input: Int, to output: Int, _ role: TensorRole, _ formats: LayerFormats
  ) {
    self.init(
      id: id, input: input, output: output, weights: formats.compact(role),
      activations: CompactFormat(formats.activations), precision: formats.precision(with: role),
      norm: formats.compact(.norm))
  }
}
