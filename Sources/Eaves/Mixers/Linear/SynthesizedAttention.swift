import Quantities

/// Softmax of scores that are there already, and the weighted sum of the values.
struct SynthesizedAttention: Emitter, Equatable {
  private let shape: Synthesizer
  private let keepsCache: Bool
  private let weights: CompactFormat
  private let activations: CompactFormat
  private let kv: CompactFormat
  private let precision: MultiplyPrecision

  init(_ shape: Synthesizer, keepsCache: Bool, _ formats: LayerFormats) {
    self.shape = shape
    self.keepsCache = keepsCache
    weights = formats.compact(.mixerInner)
    activations = CompactFormat(formats.activations)
    kv = CompactFormat(keepsCache ? formats.kv : formats.activations)
    precision = AttentionCore.precision(formats, keepsCache: keepsCache)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let length = step.cachedTokens + step.newTokens
    let heads = Double(step.batch) * Double(shape.heads)
    let pattern: any Pattern = step.isCausal ? Causal() : Bidirectional()
    let pairs = heads * pattern.pairs(step)
    let rows = step.rows * shape.heads
    emitSoftmax(step, rows: rows, length: length, pairs: pairs, into: &buffer)
    buffer.append(
      .weightedSum,
      .matmul(m: Double(step.newTokens), n: shape.headSize, k: length, count: heads),
      work: Work(
        multiplyAdds: pairs * Double(shape.headSize),
        executed: Double(rows) * Double(length) * Double(shape.headSize), precision: precision)
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: length, format: activations))
      if step.cachedTokens > 0 {
        operation.add(
          Operand(
            .cacheRead, rows: step.batch * step.cachedTokens, columns: shape.width, format: kv))
      }
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: shape.width, format: activations))
      if keepsCache {
        operation.add(Operand(.cacheWrite, rows: step.rows, columns: shape.width, format: kv))
      }
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: shape.width, format: activations))
    }
  }

  /// 5 lane operations and an exp a pair.
  ///
  /// Learned scores are weights: S rows of n + S of each head.
  private func emitSoftmax(
    _ step: Step, rows: Int, length: Int, pairs: Double, into buffer: inout OperationBuffer
  ) {
    buffer.append(
      .softmax, .reduction(rows: Double(rows), columns: length),
      work: Work(vector: 5 * pairs, special: pairs + Double(rows))
    ) { operation in
      if shape.form == .random {
        let heads = Double(shape.heads)
        let whole = Double(shape.maxTokens) * Double(shape.maxTokens)
        operation.add(
          Operand(
            .weights, rows: step.newTokens, columns: length, format: weights, touched: heads,
            resident: heads * whole / (Double(step.newTokens) * Double(length))))
      } else {
        operation.add(Operand(.activationRead, rows: rows, columns: length, format: activations))
      }
      operation.add(Operand(.activationWrite, rows: rows, columns: length, format: activations))
    }
  }
}
