/// Softmax attention itself: scores, softmax and weighted sum.
struct AttentionCore: Emitter {
  /// What tells two apart, but for the pattern.
  private struct Form: Hashable {
    let shape: Block.Attention
    let schedule: Schedule
    let bias: CompactFormat
    let activations: CompactFormat
    let storage: CacheStorage
    let precision: MultiplyPrecision
  }

  private let form: Form
  private let pattern: any Pattern
  /// A policy that drops entries, or keeps some far away; `nil` where all that are read are near.
  private let cache: (any CachePolicy)?

  init(
    shape: Block.Attention, pattern: any Pattern, cache: (any CachePolicy)?, layer: CacheLayer,
    formats: LayerFormats
  ) {
    self.pattern = pattern
    // A buffer of the window's length holds all that the window reads.
    self.cache = cache is FullCache || cache is RollingCache ? nil : cache
    form = Form(
      shape: shape, schedule: layer.schedule, bias: formats.compact(.bias),
      activations: layer.activations, storage: layer.storage, precision: layer.precision)
  }

  /// The precision of products with keys and values: wide caches are multiplied as they are.
  static func precision(_ formats: LayerFormats, keepsCache: Bool) -> MultiplyPrecision {
    formats.precision.precision(
      weights: keepsCache && !formats.kv.isQuantised ? formats.kv : formats.activations,
      activations: formats.activations)
  }

  func isSame(as other: any Emitter) -> Bool {
    guard let other = other as? AttentionCore else { return false }
    return form == other.form && pattern.name == other.pattern.name
      && (cache.map { mine in other.cache.map(mine.isSame) ?? false } ?? (other.cache == nil))
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    var step = step
    var near = step.cachedTokens
    if let cache {
      near = cache.retained(step.cachedTokens) - cache.remote(step.cachedTokens)
      // Of earlier tokens only those that were kept are there.
      step.cachedTokens = cache.readable(step.cachedTokens)
    }
    switch form.schedule {
    case .materialised: emitMaterialised(step, near: near, into: &buffer)
    case .flash1, .flash2: emitFused(step, near: near, into: &buffer)
    }
  }

  private var shape: Block.Attention { form.shape }
  private var activations: CompactFormat { form.activations }
  private var storage: CacheStorage { form.storage }

  /// One kernel: scores, softmax and weighted sum without writing them.
  private func emitFused(_ step: Step, near: Int, into buffer: inout OperationBuffer) {
    let size = AttentionSize(step, shape, pattern, form.schedule)
    buffer.append(
      .attention, .attention(size.kernel), work: size.fusedWork(precision: form.precision)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: shape.queryWidth, format: activations))
      addKeysAndValues(step, near: near, columns: shape.entryWidth, to: &operation)
      if shape.hasSinks {
        operation.add(Operand(.weights, rows: 1, columns: shape.heads, format: form.bias))
      }
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: shape.outputWidth, format: activations))
    }
  }

  /// Three kernels; scores [b·H·S, n + S] go through memory.
  private func emitMaterialised(_ step: Step, near: Int, into buffer: inout OperationBuffer) {
    let size = AttentionSize(step, shape, pattern, form.schedule)
    let rows = step.rows * shape.heads
    let scores = Operand(.activationRead, rows: rows, columns: size.length, format: activations)
    let written = Operand(.activationWrite, rows: rows, columns: size.length, format: activations)

    buffer.append(
      .scores, size.product(columns: size.length, depth: shape.headSize),
      work: size.productWork(width: shape.headSize, precision: form.precision)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: shape.queryWidth, format: activations))
      addKeysAndValues(step, near: near, columns: shape.kvHeads * shape.headSize, to: &operation)
      operation.add(written)
    }

    buffer.append(
      .softmax, .reduction(rows: Double(rows), columns: size.length),
      work: Work(vector: 5 * size.headPairs, special: size.headPairs + Double(rows))
    ) { operation in
      operation.add(scores)
      if shape.hasSinks {
        operation.add(Operand(.weights, rows: 1, columns: shape.heads, format: form.bias))
      }
      operation.add(written)
    }

    buffer.append(
      .weightedSum, size.product(columns: shape.valueHeadSize, depth: size.length),
      work: size.productWork(width: shape.valueHeadSize, precision: form.precision)
    ) { operation in
      operation.add(scores)
      addKeysAndValues(
        step, near: near, columns: shape.kvHeads * shape.valueHeadSize, to: &operation)
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: shape.outputWidth, format: activations))
    }
  }

  /// Keys and values that are read: of earlier tokens from the cache, of which the newest `near` are in memory;
  /// of new ones from the activations.
  private func addKeysAndValues(
    _ step: Step, near: Int, columns: Int, to operation: inout Operation
  ) {
    let cached = pattern.cachedKeysRead(step)
    storage.addReads(
      of: cached, remote: max(0, cached - near), columns: columns, batch: step.batch,
      to: &operation)
    operation.add(
      Operand(.activationRead, rows: step.rows, columns: columns, format: storage.recent))
  }
}
