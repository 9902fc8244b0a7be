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
      && cache?.name == other.cache?.name
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    var step = step
    // Of earlier tokens only those that were kept are there.
    if let cache { step.cachedTokens = min(step.cachedTokens, cache.retained(step.cachedTokens)) }
    switch form.schedule {
    case .materialised: emitMaterialised(step, into: &buffer)
    case .flash1, .flash2: emitFused(step, into: &buffer)
    }
  }

  private var shape: Block.Attention { form.shape }
  private var activations: CompactFormat { form.activations }
  private var storage: CacheStorage { form.storage }

  /// One kernel: scores, softmax and weighted sum without writing them.
  private func emitFused(_ step: Step, into buffer: inout OperationBuffer) {
    let size = AttentionSize(step, shape, pattern, form.schedule)
    buffer.append(
      .attention, .attention(size.kernel), work: size.fusedWork(precision: form.precision)
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: shape.queryWidth, format: activations))
      addKeysAndValues(step, columns: shape.entryWidth, to: &operation)
      if shape.hasSinks {
        operation.add(Operand(.weights, rows: 1, columns: shape.heads, format: form.bias))
      }
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: shape.outputWidth, format: activations))
    }
  }

  /// Three kernels; scores [b·H·S, n + S] go through memory.
  private func emitMaterialised(_ step: Step, into buffer: inout OperationBuffer) {
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
      addKeysAndValues(step, columns: shape.kvHeads * shape.headSize, to: &operation)
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
      addKeysAndValues(step, columns: shape.kvHeads * shape.valueHeadSize, to: &operation)
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: shape.outputWidth, format: activations))
    }
  }

  /// Keys and values that are read: of earlier tokens from the cache, of new ones from the activations.
  private func addKeysAndValues(_ step: Step, columns: Int, to operation: inout Operation) {
    let cached = pattern.cachedKeysRead(step)
    let recent = min(cached, storage.recentTokens)
    if cached > recent {
      operation.add(
        Operand(
          .cacheRead, rows: step.batch * (cached - recent), columns: columns, format: storage.old))
    }
    if recent > 0 {
      operation.add(
        Operand(.cacheRead, rows: step.batch * recent, columns: columns, format: storage.recent))
    }
    // Global queries read keys and values of their own.
    let sets = shape.hasGlobalProjections && pattern.globalTokens > 0 ? 2 : 1
    operation.add(
      Operand(.activationRead, rows: sets * step.rows, columns: columns, format: storage.recent))
  }
}
