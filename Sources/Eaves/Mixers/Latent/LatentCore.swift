/// Attention over latents, in the form with fewer FLOPs or the one that is asked for.
struct LatentCore: Emitter {
  private let shape: LatentAttentionShape
  private let keys: KeptKeys
  private let expanded: AttentionKernel
  private let absorbed: AttentionKernel
  private let weights: CompactFormat
  private let precision: MultiplyPrecision

  init(
    shape: LatentAttentionShape, keys: KeptKeys, layer: CacheLayer, formats: LayerFormats
  ) {
    self.shape = shape
    self.keys = keys
    weights = formats.compact(.mixerInner)
    precision = formats.precision(with: .mixerInner)
    // The value is the latent part of the key: a kernel reads it once.
    let latent = KeyValueColumns.Part(entry: shape.entryWidth)
    absorbed = AttentionKernel(
      shape.absorbedAttention,
      columns: KeyValueColumns(
        keys: latent, values: KeyValueColumns.Part(entry: shape.kvRank), both: latent),
      layer: layer, formats: formats)
    expanded = AttentionKernel(
      shape.expandedAttention,
      columns: KeyValueColumns(
        keys: KeyValueColumns.Part(
          entry: shape.rotaryWidth, expanded: shape.heads * shape.plainWidth),
        values: KeyValueColumns.Part(entry: 0, expanded: shape.heads * shape.valueWidth),
        both: KeyValueColumns.Part(entry: shape.rotaryWidth, expanded: shape.expandedWidth)),
      layer: layer, formats: formats)
  }

  func isSame(as other: any Emitter) -> Bool {
    guard let other = other as? LatentCore else { return false }
    return shape == other.shape && keys.isSame(as: other.keys) && absorbed == other.absorbed
      && expanded == other.expanded && weights == other.weights && precision == other.precision
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let all = step
    let step = keys.kept(all)
    let counts = keys.pattern.counts(step, tilesOf: absorbed.schedule.tileSide)
    let rows = keys.rows(of: all, step, counts)
    switch shape.form(pairs: counts.pairs, cachedKeys: rows.cached) {
    case .expanded:
      emitExpansion(step, rows, into: &buffer)
      expanded.emit(step, counts, keys: rows, into: &buffer)
    case .absorbed:
      emitFolding(
        step, from: shape.plainWidth, to: shape.kvRank, of: shape.plainWidth, into: &buffer)
      absorbed.emit(step, counts, keys: rows, into: &buffer)
      emitFolding(
        step, from: shape.kvRank, to: shape.valueWidth, of: shape.valueWidth, into: &buffer)
    }
  }

  /// Keys and values of cached and new tokens: [K, d_c] × [d_c, H·(d_n + d_v)].
  private func emitExpansion(_ step: Step, _ keys: KeyRows, into buffer: inout OperationBuffer) {
    let rows = step.batch * (keys.cached + step.newTokens)
    let width = shape.expandedWidth
    buffer.append(
      .latentExpansion, .matmul(m: Double(rows), n: width, k: shape.kvRank, count: 1),
      work: .product(
        m: Double(rows), n: Double(width), k: Double(shape.kvRank), precision: precision)
    ) { operation in
      absorbed.storage.addReads(
        of: keys.cached, remote: keys.remote, columns: shape.kvRank, batch: step.batch,
        to: &operation)
      operation.add(
        Operand(
          .activationRead, rows: step.rows, columns: shape.kvRank, format: absorbed.storage.recent))
      operation.add(Operand(.weights, rows: width, columns: shape.kvRank, format: weights))
      operation.add(
        Operand(.activationWrite, rows: rows, columns: width, format: absorbed.activations))
    }
  }

  /// A product in each head: queries to the width of the latent, or results from it; its factor is what would
  /// make `width` elements of a key or a value of the latent.
  private func emitFolding(
    _ step: Step, from input: Int, to output: Int, of width: Int, into buffer: inout OperationBuffer
  ) {
    let rows = step.rows
    let (m, heads) = (Double(rows), Double(shape.heads))
    buffer.append(
      .latentAbsorption, .matmul(m: m, n: output, k: input, count: heads),
      work: .product(
        m: m, n: Double(output), k: Double(input), count: heads, precision: precision)
    ) { operation in
      operation.add(
        Operand(
          .activationRead, rows: rows, columns: shape.heads * input, format: absorbed.activations))
      operation.add(
        Operand(.weights, rows: shape.heads * width, columns: shape.kvRank, format: weights))
      operation.add(
        Operand(
          .activationWrite, rows: rows, columns: shape.heads * output,
          format: absorbed.activations))
    }
  }
}
