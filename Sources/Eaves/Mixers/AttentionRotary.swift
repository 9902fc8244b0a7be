/// What lies between the projections of attention and its products: norms, rotation, cache write.
struct AttentionRotary: Emitter, Equatable {
  private let shape: Block.Attention
  private let rotatesQueries: Bool
  private let keepsCache: Bool
  private let norm: CompactFormat
  private let activations: CompactFormat
  private let kv: CompactFormat

  init(
    shape: Block.Attention, rotatesQueries: Bool, keepsCache: Bool, formats: LayerFormats
  ) {
    // Which keys are read later makes no difference here.
    var shape = shape
    shape.window = nil
    self.shape = shape
    self.rotatesQueries = rotatesQueries
    self.keepsCache = keepsCache
    norm = formats.compact(.norm)
    activations = CompactFormat(formats.activations)
    kv = CompactFormat(keepsCache ? formats.kv : formats.activations)
  }

  /// Norms and rotation of queries and keys, and the write of the new tokens' keys and values.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let rotated = Double(rows) * Double((shape.heads + shape.kvHeads) * shape.headSize)
    var vector = rotatesQueries ? 3 * rotated : 0
    var special = 0.0
    if shape.qkNorm != .none {
      vector += 4 * rotated
      special = Double(rows) * Double(shape.heads + shape.kvHeads)
    }
    if kv.expansion != .none {
      vector += 3 * Double(rows) * Double(shape.entryWidth)
    }
    buffer.append(
      .rotary, .pointwise(elements: rotated), work: Work(vector: vector, special: special)
    ) { operation in
      operation.add(
        Operand(
          .activationRead, rows: rows, columns: shape.queryWidth + shape.entryWidth,
          format: activations))
      switch shape.qkNorm {
      case .none: break
      case .head:
        operation.add(Operand(.weights, rows: 2, columns: shape.headSize, format: norm))
      case .full:
        operation.add(
          Operand(
            .weights, rows: 1, columns: (shape.heads + shape.kvHeads) * shape.headSize,
            format: norm))
      }
      operation.add(
        Operand(.activationWrite, rows: rows, columns: shape.queryWidth, format: activations))
      operation.add(
        Operand(
          keepsCache ? .cacheWrite : .activationWrite, rows: rows, columns: shape.entryWidth,
          format: kv))
    }
  }
}
