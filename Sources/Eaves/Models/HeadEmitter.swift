import Quantities

/// The output head and sampling, for the positions whose logits are wanted; an encoder's pooler.
struct HeadEmitter: Emitter, Equatable {
  let width: Int
  let vocabulary: Int
  let hasHead: Bool
  let hasBias: Bool
  let hasPooler: Bool
  let table: CompactFormat
  let bias: CompactFormat
  let activations: CompactFormat
  let precision: MultiplyPrecision
  private static let logits = CompactFormat(.f32)

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    if hasPooler { emitPooler(step, into: &buffer) }
    if !hasHead {
      emitHiddenStates(step, into: &buffer)
    } else if step.logitTokens > 0 {
      emitHead(step, into: &buffer)
      emitSampling(step, into: &buffer)
    }
  }

  /// [b·logitTokens, d] × [d, V]: the table is read once a pass.
  private func emitHead(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.batch * step.logitTokens
    buffer.append(
      .head, .matmul(m: Double(rows), n: vocabulary, k: width, count: 1),
      work: .product(
        m: Double(rows), n: Double(vocabulary), k: Double(width), precision: precision)
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: width, format: activations))
      operation.add(Operand(.weights, rows: vocabulary, columns: width, format: table))
      if hasBias { operation.add(Operand(.weights, rows: 1, columns: vocabulary, format: bias)) }
      operation.add(Operand(.stepOutput, rows: rows, columns: vocabulary, format: Self.logits))
    }
  }

  /// Softmax over the vocabulary and one draw (docs/method.md 1).
  private func emitSampling(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.batch * step.logitTokens
    let elements = Double(rows) * Double(vocabulary)
    buffer.append(
      .sampling, .reduction(rows: Double(rows), columns: vocabulary),
      work: Work(vector: 4 * elements, special: elements)
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: vocabulary, format: Self.logits))
    }
  }

  /// BERT's pooler on the first token: [b, d] × [d, d] and tanh.
  private func emitPooler(_ step: Step, into buffer: inout OperationBuffer) {
    buffer.append(
      .pooler, .matmul(m: Double(step.batch), n: width, k: width, count: 1),
      work: .product(
        m: Double(step.batch), n: Double(width), k: Double(width), precision: precision)
    ) { operation in
      operation.work.special = FLOPs(Double(step.batch) * Double(width))
      operation.add(Operand(.activationRead, rows: step.batch, columns: width, format: activations))
      operation.add(Operand(.weights, rows: width, columns: width, format: table))
      operation.add(Operand(.weights, rows: 1, columns: width, format: bias))
      operation.add(Operand(.stepOutput, rows: step.batch, columns: width, format: activations))
    }
  }

  /// An encoder hands over a row for each token.
  private func emitHiddenStates(_ step: Step, into buffer: inout OperationBuffer) {
    buffer.append(
      .finalNorm, .pointwise(elements: 0), work: Work(launches: 0)
    ) { operation in
      operation.add(Operand(.stepOutput, rows: step.rows, columns: width, format: activations))
    }
  }
}
