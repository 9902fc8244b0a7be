/// Softmax attention itself: scores, softmax and weighted sum.
struct AttentionCore: Emitter {
  private let kernel: AttentionKernel
  private let keys: KeptKeys

  init(shape: Block.Attention, keys: KeptKeys, layer: CacheLayer, formats: LayerFormats) {
    self.keys = keys
    kernel = AttentionKernel(shape, layer: layer, formats: formats)
  }

  /// The precision of products with keys and values: wide caches are multiplied as they are.
  static func precision(_ formats: LayerFormats, keepsCache: Bool) -> MultiplyPrecision {
    formats.precision.precision(
      weights: keepsCache && !formats.kv.isQuantised ? formats.kv : formats.activations,
      activations: formats.activations)
  }

  func isSame(as other: any Emitter) -> Bool {
    guard let other = other as? AttentionCore else { return false }
    return kernel == other.kernel && keys.isSame(as: other.keys)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    kernel.emit(keys.kept(step), keys.pattern, into: &buffer)
  }
}

/// Which keys the queries of a layer find: those that its pattern reads of what its cache has kept.
struct KeptKeys: Sendable {
  let pattern: any Pattern
  /// A policy that drops entries, or keeps some far away; `nil` where all that are read are near.
  private let cache: (any CachePolicy)?

  init(_ pattern: any Pattern, cache: (any CachePolicy)?) {
    self.pattern = pattern
    // A buffer of the window's length holds all that the window reads.
    self.cache = cache is FullCache || cache is RollingCache ? nil : cache
  }

  /// The step with only those earlier tokens that were kept.
  func kept(_ step: Step) -> Step {
    guard let cache else { return step }
    var step = step
    step.cachedTokens = min(step.cachedTokens, cache.retained(step.cachedTokens))
    return step
  }

  func isSame(as other: KeptKeys) -> Bool {
    pattern.name == other.pattern.name && cache?.name == other.cache?.name
  }
}
