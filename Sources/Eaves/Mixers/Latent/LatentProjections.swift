/// Queries, and the latent of keys and values with its rotary part.
struct LatentProjections: Emitter, Equatable {
  private let hidden: Int
  private let shape: LatentAttentionShape
  /// Down to the latents, and from the queries' latent (or the input) up.
  private let down: CompactFormat
  private let query: CompactFormat
  private let activations: CompactFormat
  private let downPrecision: MultiplyPrecision
  private let queryPrecision: MultiplyPrecision

  init(hidden: Int, shape: LatentAttentionShape, formats: LayerFormats) {
    self.hidden = hidden
    self.shape = shape
    down = formats.compact(.mixerInput)
    query = formats.compact(.query)
    activations = CompactFormat(formats.activations)
    downPrecision = formats.precision(with: .mixerInput)
    queryPrecision = formats.precision(with: .query)
  }

  /// [T, d] × [d, q] × [q, H·(d_n + d_r)], or straight from d; and [T, d] × [d, d_c + d_r].
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    var input = hidden
    if let rank = shape.queryRank {
      emit(.latentQuery, step, from: hidden, to: rank, down, downPrecision, into: &buffer)
      input = rank
    }
    emit(
      .latentQuery, step, from: input, to: shape.queryWidth, query, queryPrecision, into: &buffer)
    emit(
      .latentKeyValue, step, from: hidden, to: shape.entryWidth, down, downPrecision, into: &buffer)
  }

  private func emit(
    _ id: Operation.ID, _ step: Step, from input: Int, to output: Int, _ weights: CompactFormat,
    _ precision: MultiplyPrecision, into buffer: inout OperationBuffer
  ) {
    let rows = step.rows
    buffer.append(
      id, .matmul(m: Double(rows), n: output, k: input, count: 1),
      work: .product(
        m: Double(rows), n: Double(output), k: Double(input), precision: precision)
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: input, format: activations))
      operation.add(Operand(.weights, rows: output, columns: input, format: weights))
      operation.add(Operand(.activationWrite, rows: rows, columns: output, format: activations))
    }
  }
}

/// Norms of the latents, rotation of the rotary parts, and the cache write.
struct LatentRotary: Emitter, Equatable {
  private let shape: LatentAttentionShape
  private let isRotated: Bool
  private let keepsCache: Bool
  private let norm: CompactFormat
  private let activations: CompactFormat
  private let kv: CompactFormat

  init(
    shape: LatentAttentionShape, isRotated: Bool, keepsCache: Bool, storage: CacheStorage,
    formats: LayerFormats
  ) {
    self.shape = shape
    self.isRotated = isRotated
    self.keepsCache = keepsCache
    norm = formats.compact(.norm)
    activations = CompactFormat(formats.activations)
    kv = storage.recent
  }

  /// RMSNorm of 4 lane operations an element, rotation of 3 (docs/method.md 1); 3 to pack an entry.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let normed = shape.kvRank + (shape.queryRank ?? 0)
    var lanes = 4 * Double(normed)
    if isRotated { lanes += 3 * Double((shape.heads + 1) * shape.rotaryWidth) }
    if kv.expansion != .none { lanes += 3 * Double(shape.entryWidth) }
    let elements = Double(rows) * Double(shape.queryWidth + shape.entryWidth)
    buffer.append(
      .rotary, .pointwise(elements: elements),
      work: Work(
        vector: Double(rows) * lanes, special: Double(rows * (shape.queryRank == nil ? 1 : 2)))
    ) { operation in
      operation.add(
        Operand(
          .activationRead, rows: rows, columns: shape.queryWidth + shape.entryWidth,
          format: activations))
      operation.add(Operand(.weights, rows: 1, columns: normed, format: norm))
      operation.add(
        Operand(.activationWrite, rows: rows, columns: shape.queryWidth, format: activations))
      operation.add(
        Operand(
          keepsCache ? .cacheWrite : .activationWrite, rows: rows, columns: shape.entryWidth,
          format: kv))
    }
  }
}
