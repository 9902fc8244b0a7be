public import Quantities

/// Keys and values that a layer makes for all later layers whose attention shares a cache (YOCO, section 2.1).
public struct SharedCacheShape: MixerShape {
  /// KV heads (G).
  public var kvHeads: Int
  /// Width of a key and of a value.
  public var headSize: Int

  public static let technique = Technique(
    name: "shared_cache", axis: .mixer, form: "shared_cache",
    summary: "A layer makes the keys and values that all later layers read.",
    equation: "entry = 2·G·d_h once, for every layer with shares_cache",
    conditions: ["the model was trained with it", "prefill may skip the layers that only read it"],
    source: "Sun et al., You Only Cache Once, section 2.1")

  /// One cache for several layers.
  public init(kvHeads: Int, headSize: Int) {
    self.kvHeads = kvHeads
    self.headSize = headSize
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    self.init(
      kvHeads: try fields.integer("kv_heads", in: ModelLimits.heads),
      headSize: try fields.integer("head_size", in: ModelLimits.heads))
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] { [.key: hidden, .value: hidden] }

  public func mixer(_ place: MixerPlace) -> any TokenMixer { SharedCache(self, place) }

  public var label: String { "" }

  public var summary: String { "keys and values for later layers, \(kvHeads) heads of \(headSize)" }
}

/// The cache of several layers, and what makes its entries.
public struct SharedCache: TokenMixer {
  private let pattern: any Pattern
  private let cache: any CachePolicy
  private let layer: CacheLayer
  public let parts: [any Emitter]

  /// The cache that layers after this place read.
  public init(_ shape: SharedCacheShape, _ place: MixerPlace) {
    let formats = place.formats
    // No queries of its own: heads count for nothing here.
    let attention = Block.Attention(
      heads: shape.kvHeads, kvHeads: shape.kvHeads, headSize: shape.headSize)
    pattern = place.pattern()
    cache = place.cache(for: pattern)
    layer = CacheLayer(
      attention, schedule: place.choices.schedule, storage: cache.storage(formats.kv),
      activations: CompactFormat(formats.activations),
      precision: AttentionCore.precision(formats, keepsCache: true),
      rotatesKeys: place.rotatesQueries)
    parts = [
      KeyValueProjection(
        hidden: place.hidden, shape: attention, storage: layer.storage,
        rotatesKeys: place.rotatesQueries, formats: formats),
      CacheUpkeep(policy: cache, layer: layer),
    ]
  }

  public func cacheBytes(tokens: Int) -> Bytes {
    cache.bytes(tokens, layer)
  }

  public func peakCacheBytes(tokens: Int) -> Bytes { cache.peakBytes(tokens, layer) }

  public var cacheNote: String? { cache.note(layer) }

  public var patternName: String? { pattern.name }

  public var cacheName: String? { cache.name }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}
