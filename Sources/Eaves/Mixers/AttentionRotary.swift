/// What lies between the projections of attention and its products: norms, rotation, cache write.
struct AttentionRotary: Emitter, Equatable {
  private let shape: Block.Attention
  private let rotatesQueries: Bool
  private let keepsCache: Bool
  private let norm: CompactFormat
  private let activations: CompactFormat
  private let kv: CompactFormat
  /// Elements of the keys and values that are made here; 0 where an earlier layer's are used.
  private var entryWidth: Int { shape.sharesCache ? 0 : shape.entryWidth }
  private var rotatedHeads: Int { shape.heads + (shape.sharesCache ? 0 : shape.kvHeads) }

  init(
    shape: Block.Attention, rotatesQueries: Bool, keepsCache: Bool, storage: CacheStorage,
    formats: LayerFormats
  ) {
    self.shape = shape.withoutPattern
    self.rotatesQueries = rotatesQueries
    self.keepsCache = keepsCache
    norm = formats.compact(.norm)
    activations = CompactFormat(formats.activations)
    // The newest entries are written first; what packs them later is the policy's upkeep.
    kv = storage.recent
  }

  /// Norms and rotation of queries and keys, and the write of the new tokens' keys and values.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let rotated = Double(rows) * Double(rotatedHeads * shape.headSize)
    var vector = rotatesQueries ? 3 * rotated : 0
    var special = 0.0
    if shape.qkNorm != .none {
      vector += 4 * rotated
      special = Double(rows) * Double(rotatedHeads)
    }
    if kv.expansion != .none {
      vector += 3 * Double(rows) * Double(entryWidth)
    }
    buffer.append(
      .rotary, .pointwise(elements: rotated), work: Work(vector: vector, special: special)
    ) { operation in
      operation.add(
        Operand(
          .activationRead, rows: rows, columns: shape.queryWidth + entryWidth,
          format: activations))
      switch shape.qkNorm {
      case .none: break
      case .head:
        operation.add(
          Operand(
            .weights, rows: shape.sharesCache ? 1 : 2, columns: shape.headSize, format: norm))
      case .full:
        operation.add(
          Operand(
            .weights, rows: 1, columns: rotatedHeads * shape.headSize,
            format: norm))
      }
      operation.add(
        Operand(.activationWrite, rows: rows, columns: shape.queryWidth, format: activations))
      if entryWidth > 0 {
        operation.add(
          Operand(
            keepsCache ? .cacheWrite : .activationWrite, rows: rows, columns: entryWidth,
            format: kv))
      }
    }
  }
}
