public import Quantities

extension ModelChoices {
  /// What settings mean for a model: published weights, 16-bit cache and activations (bf16 where the model
  /// is; f32 activations for an f32 model), its own patterns, unless set.
  public init(_ model: Model, _ settings: Settings, precision: PrecisionRule = PrecisionRule()) {
    let sixteen = model.publishedFormat.name == "bf16" ? NumberFormat.bf16 : .f16
    // Settings have read the text before, so that it names a scheme.
    let asked = settings.weights.flatMap {
      try? WeightScheme(parsing: $0, rest: sixteen, published: model.publishedScheme)
    }
    self.init(
      weights: asked ?? model.publishedScheme, kv: settings.kv ?? sixteen,
      activations: settings.activations ?? (model.publishedFormat.name == "f32" ? .f32 : sixteen),
      pattern: settings.pattern, cache: settings.cache, schedule: settings.schedule,
      precision: precision)
    attention = settings.attention
    interleaving = settings.interleaving
    sparsity = settings.sparsity
    rates.isOnPaper = settings.isOnPaper
    experts = settings.experts
    keepsApproximateCache = settings.decoding?.keepsApproximateCache ?? false
  }
}

extension CompiledModel {
  /// A model as settings want it, for answers that need no chip.
  public init(_ model: Model, _ settings: Settings) {
    self.init(model, ModelChoices(model, settings))
  }

  /// What must be resident at the context of a step, without a chip's capacity; in prefill with what the cache drops
  /// after it.
  public func footprint(_ settings: StepSettings, workspace: Bytes) -> Footprint {
    Footprint(
      weights: inventory.weightBytes, kvCache: cacheBytes(settings),
      state: stateBytes(batch: settings.batch), workspace: workspace)
  }

  /// Bytes of the cache at the context of a step: of the tokens, and of the source where there is one.
  public func cacheBytes(_ settings: StepSettings) -> Bytes {
    cacheBytes(tokens: settings.context, batch: settings.batch, phase: settings.phase)
      + sourceCacheBytes(tokens: settings.sourceTokens(of: model), batch: settings.batch)
  }

  /// Bytes that the caches of `batch` sequences of `tokens` tokens take in a phase.
  func cacheBytes(tokens: Int, batch: Int, phase: Phase) -> Bytes {
    switch phase {
    case .prefill: peakCacheBytes(tokens: tokens, batch: batch)
    case .decode: kvCacheBytes(tokens: tokens, batch: batch)
    }
  }

  /// The largest activations of one operation of a step.
  public func workspace(_ settings: StepSettings) -> Bytes {
    var buffer = OperationBuffer()
    emit(settings.step(for: model), into: &buffer)
    return buffer.largestActivations
  }
}

extension Footprint {
  /// The same footprint in the main memory of a chip, with flash behind it where there is some.
  public func on(_ chip: Chip) -> Footprint {
    var footprint = self
    guard let main = chip.mainMemoryIndex else { return footprint }
    footprint.capacity = chip.memory[main].usableCapacity
    let behind = chip.memory.dropFirst(main + 1).first
    if behind?.kind == .flash { footprint.flash = behind?.totalCapacity }
    return footprint
  }
}
