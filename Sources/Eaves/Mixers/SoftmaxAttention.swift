public import Quantities

/// Softmax attention with any head sharing (MHA, GQA, MQA), pattern, cache policy and schedule.
///
/// Counts: docs/method.md 1. Shapes: T = b·S rows, H query heads, G key-value heads,
/// widths d_q and d_v.
public struct SoftmaxAttention: TokenMixer {
  let pattern: any Pattern
  let cache: any CachePolicy

  private let keepsCache: Bool
  private let shape: Block.Attention
  private let layer: CacheLayer
  public let parts: [any Emitter]

  /// Attention of one kind of layer.
  public init(_ shape: Block.Attention, _ place: MixerPlace) {
    self.init(
      shape, place, pattern: place.pattern(of: shape), keepsCache: place.kind.keepsCache)
  }

  init(
    _ shape: Block.Attention, _ place: MixerPlace, pattern: any Pattern, keepsCache: Bool
  ) {
    let formats = place.formats
    self.pattern = pattern
    self.keepsCache = keepsCache
    self.shape = shape
    cache = place.choices.cache.policy(
      CacheSite(pattern: pattern, layer: place.layer, layers: place.layers))
    let storage =
      keepsCache ? cache.storage(formats.kv) : CacheStorage(formats.activations)
    layer = CacheLayer(
      shape, schedule: place.choices.schedule, storage: storage,
      activations: CompactFormat(formats.activations),
      precision: AttentionCore.precision(formats, keepsCache: keepsCache),
      rotatesKeys: place.rotatesQueries)
    let core = AttentionCore(
      shape: shape, pattern: pattern, cache: keepsCache ? cache : nil, layer: layer,
      formats: formats)
    parts =
      [
        AttentionProjections(hidden: place.hidden, shape: shape, formats: formats),
        AttentionRotary(
          shape: shape, rotatesQueries: place.rotatesQueries, keepsCache: keepsCache,
          storage: storage, formats: formats),
        core,
      ] + (keepsCache && !shape.sharesCache ? [CacheUpkeep(policy: cache, layer: layer)] : [])
      + [AttentionOutput(hidden: place.hidden, shape: shape, formats: formats)]
  }

  public func cacheBytes(tokens: Int) -> Bytes {
    guard keepsCache, !shape.sharesCache else { return .zero }
    return cache.bytes(tokens, layer)
  }

  public func peakCacheBytes(tokens: Int) -> Bytes {
    guard keepsCache, !shape.sharesCache else { return .zero }
    return cache.peakBytes(tokens, layer)
  }

  public var stateBytes: Bytes { .zero }

  public var patternName: String? { pattern.name }

  public var cacheName: String? { keepsCache ? cache.name : nil }

  public var cacheNote: String? { keepsCache ? cache.note(layer) : nil }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}

extension MixerPlace {
  /// The pattern of softmax attention here: the configuration's, else the layer's own.
  func pattern(of shape: Block.Attention) -> any Pattern {
    if let asked = choices.pattern { return asked }
    if let own = shape.pattern.flatMap(PatternList.parse) { return own }
    guard kind.isCausal else { return Bidirectional() }
    return shape.window.map { SlidingWindow($0) } ?? Causal()
  }
}

/// What a cache policy does beside reading and writing entries.
struct CacheUpkeep: Emitter {
  let policy: any CachePolicy
  let layer: CacheLayer

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    policy.emitUpkeep(step, layer, into: &buffer)
  }

  func isSame(as other: any Emitter) -> Bool {
    guard let other = other as? CacheUpkeep else { return false }
    return layer == other.layer && policy.isSame(as: other.policy)
  }

  var dependsOnContext: Bool { policy.hasUpkeep }
}

extension Block.Attention {
  /// Width of the queries of a token: H·d_q.
  var queryWidth: Int { heads * headSize }
  /// Width of the result of a token: H·d_v.
  var outputWidth: Int { heads * valueHeadSize }
  /// Elements that one token adds to the cache of one layer: G·(d_q + d_v).
  var entryWidth: Int { kvHeads * (headSize + valueHeadSize) }
}
