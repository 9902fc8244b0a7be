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
  /// Bytes a token of the index by which a pattern chooses among entries; 0 where it chooses by none.
  private let indexBytesPerToken: Double
  public let parts: [any Emitter]

  /// Attention of one kind of layer.
  public init(_ shape: Block.Attention, _ place: MixerPlace) {
    self.init(
      shape, place, pattern: place.pattern(of: shape), keepsCache: place.keepsCache)
  }

  /// Attention whose pattern is known; `projections` make queries, keys and values where they are not the usual
  /// ones.
  init(
    _ shape: Block.Attention, _ place: MixerPlace, pattern: any Pattern, keepsCache: Bool,
    projections: [any Emitter]? = nil
  ) {
    let formats = place.formats
    self.pattern = pattern
    self.keepsCache = keepsCache
    self.shape = shape
    cache = place.cache(for: pattern)
    let storage =
      keepsCache ? cache.storage(formats.kv) : CacheStorage(formats.activations)
    layer = CacheLayer(
      shape, schedule: place.choices.schedule, storage: storage,
      activations: CompactFormat(formats.activations),
      precision: AttentionCore.precision(formats, keepsCache: keepsCache),
      rotatesKeys: place.rotatesQueries)
    let core = AttentionCore(
      shape: shape, keys: KeptKeys(pattern, cache: keepsCache ? cache : nil), layer: layer,
      ring: (place.choices.spreading as? RingParallel)?.devices ?? 1, formats: formats)
    let selection = KeySelectionPart(pattern, layer)
    indexBytesPerToken = selection?.indexBytesPerToken ?? 0
    let chosen: [any Emitter] = selection.map { [$0] } ?? []
    parts =
      (projections
        ?? [AttentionProjections(hidden: place.hidden, shape: shape, formats: formats)])
      + (shape.hasGlobalProjections
        ? [
          GlobalProjections(
            hidden: place.hidden, shape: shape, globalTokens: pattern.globalTokens,
            formats: formats)
        ] : [])
      + [
        AttentionRotary(
          shape: shape, rotatesQueries: place.rotatesQueries, keepsCache: keepsCache,
          storage: storage, formats: formats)
      ] + chosen + [core]
      + (keepsCache && !shape.sharesCache && cache.hasUpkeep
        ? [CacheUpkeep(policy: cache, layer: layer)] : [])
      + [AttentionOutput(hidden: place.hidden, shape: shape, formats: formats)]
  }

  public func cacheBytes(tokens: Int) -> Bytes {
    guard keepsCache, !shape.sharesCache else { return .zero }
    return cache.bytes(tokens, layer) + index(of: cache.allocated(tokens))
  }

  public func peakCacheBytes(tokens: Int) -> Bytes {
    guard keepsCache, !shape.sharesCache else { return .zero }
    return cache.peakBytes(tokens, layer) + index(of: Double(cache.peak(tokens)))
  }

  /// Bytes of the index by which a pattern chooses among so many entries.
  private func index(of entries: Double) -> Bytes { Bytes(entries * indexBytesPerToken) }

  public var stateBytes: Bytes { .zero }

  /// Width of a query and a key, or of a value where that is larger.
  var headWidth: Int { max(shape.headSize, shape.valueHeadSize) }

  /// Bytes of the pieces of the cache that a pattern of scattered keys reads; 0 where it reads long runs.
  var pieceBytes: Double {
    Double((pattern.gatherRun ?? 0) * shape.headSize) * layer.storage.old.bytesPerElement
  }

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
    pattern(window: shape.window, named: shape.pattern)
  }

  /// The pattern of any attention here: the configuration's, else what the layer states, else all tokens that
  /// this kind of model lets a token see.
  func pattern(window: Int? = nil, named name: String? = nil) -> any Pattern {
    if let asked = choices.pattern { return asked }
    if let turns = choices.interleaving, kind.isCausal { return turns.pattern(ofLayer: layer) }
    if let own = name.flatMap(PatternList.parse) { return own }
    guard kind.isCausal else { return Bidirectional() }
    return window.map { SlidingWindow($0) } ?? Causal()
  }

  /// The policy that a layer with some pattern keeps its entries by.
  func cache(for pattern: any Pattern) -> any CachePolicy {
    choices.cache.policy(CacheSite(pattern: pattern, layer: layer, layers: layers))
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
