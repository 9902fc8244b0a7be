import Quantities

/// Softmax attention itself: scores, softmax and weighted sum.
struct AttentionCore: Emitter {
  private let kernel: AttentionKernel
  private let keys: KeptKeys
  /// Devices of a ring that keys and values go round; 1 for none.
  private let ring: Int

  init(
    shape: Block.Attention, keys: KeptKeys, layer: CacheLayer, ring: Int, formats: LayerFormats
  ) {
    self.keys = keys
    self.ring = ring
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
    return kernel == other.kernel && ring == other.ring && keys.isSame(as: other.keys)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let kept = keys.kept(step)
    let counts = keys.pattern.counts(kept, tilesOf: kernel.schedule.tileSide)
    kernel.emit(kept, counts, keys: keys.rows(of: step, kept, counts), into: &buffer)
    if ring > 1 { buffer.updateLast { $0.send(ringUse(step)) } }
  }

  /// What a device of a ring sends in one layer: the keys and values of its tokens, N − 1 times; for a single
  /// new token its partial result, with maximum and sum, in an all-reduce.
  private func ringUse(_ step: Step) -> LinkUse {
    let others = Double(ring - 1)
    let shape = kernel.shape
    guard step.newTokens > 1 else {
      let partial = Double(step.batch * shape.heads) * Double(shape.valueHeadSize + 2) * 4
      return LinkUse(
        .device, bytes: Bytes(partial * 2 * others / Double(ring)),
        directBytes: Bytes(partial * others), messages: 2 * others)
    }
    let own =
      Double(step.rows) * Double(shape.entryWidth) * kernel.storage.recent.bytesPerElement
    return LinkUse(.device, bytes: Bytes(others * own), messages: others)
  }
}

/// Which keys the queries of a layer find: those that its pattern reads of what its cache has kept.
struct KeptKeys: Sendable {
  let pattern: any Pattern
  /// A policy that drops entries, or keeps some far away; `nil` where all that are read are near.
  private let cache: (any CachePolicy)?

  /// Whether nothing is dropped and nothing is far away.
  ///
  /// Asked before the policy is: an optional policy is copied to be looked at, which takes 190 instructions.
  private let areAll: Bool

  init(_ pattern: any Pattern, cache: (any CachePolicy)?) {
    self.pattern = pattern
    // A buffer of the window's length holds all that the window reads.
    areAll = cache == nil || cache is FullCache || cache is RollingCache
    self.cache = areAll ? nil : cache
  }

  /// The step with only those earlier tokens that were kept.
  @inline(__always)
  func kept(_ step: Step) -> Step {
    guard !areAll, let cache else { return step }
    var step = step
    step.cachedTokens = cache.readable(step.cachedTokens)
    return step
  }

  /// The keys of a step, those apart that are kept behind a link.
  @inline(__always)
  func rows(of step: Step, _ kept: Step, _ counts: PatternCounts) -> KeyRows {
    var rows = KeyRows(kept, cached: counts.cachedKeysRead)
    if !areAll, let cache {
      let near = cache.retained(step.cachedTokens) - cache.remote(step.cachedTokens)
      rows.remote = max(0, rows.cached - near)
    }
    return rows
  }

  func isSame(as other: KeptKeys) -> Bool {
    guard pattern.name == other.pattern.name else { return false }
    guard let cache, let theirs = other.cache else { return cache == nil && other.cache == nil }
    return cache.isSame(as: theirs)
  }
}
