public import Quantities

/// Multi-head latent attention with any pattern, cache policy, format of the latent and schedule.
///
/// Shapes: T = b·S rows, H heads; counts: docs/method.md 1.
public struct LatentAttention: TokenMixer {
  private let pattern: any Pattern
  private let cache: any CachePolicy
  private let keepsCache: Bool
  private let layer: CacheLayer
  private let selection: KeySelectionPart?
  public let parts: [any Emitter]

  /// Attention of one kind of layer.
  public init(_ shape: LatentAttentionShape, _ place: MixerPlace) {
    let formats = place.formats
    let keepsCache = place.kind.keepsCache
    let pattern = place.pattern()
    let cache = place.cache(for: pattern)
    let storage =
      keepsCache ? cache.storage(formats.kv) : CacheStorage(formats.activations)
    let isRotated = place.rotatesQueries && shape.isRotary
    let layer = CacheLayer(
      heads: shape.heads, entryWidth: shape.entryWidth, schedule: place.choices.schedule,
      storage: storage, activations: CompactFormat(formats.activations),
      precision: AttentionCore.precision(formats, keepsCache: keepsCache), rotatesKeys: isRotated)
    let selection = KeySelectionPart(pattern, layer)
    let chosen: [any Emitter] = selection.map { [$0] } ?? []
    let upkeep: [any Emitter] =
      keepsCache && cache.hasUpkeep ? [CacheUpkeep(policy: cache, layer: layer)] : []
    parts =
      [
        LatentProjections(hidden: place.hidden, shape: shape, formats: formats),
        LatentRotary(
          shape: shape, isRotated: isRotated, keepsCache: keepsCache, storage: storage,
          formats: formats),
      ] + chosen + [
        LatentCore(
          shape: shape, keys: KeptKeys(pattern, cache: keepsCache ? cache : nil), layer: layer,
          formats: formats)
      ] + upkeep + [
        AttentionOutput(hidden: place.hidden, shape: shape.expandedAttention, formats: formats)
      ]
    self.pattern = pattern
    self.cache = cache
    self.keepsCache = keepsCache
    self.layer = layer
    self.selection = selection
  }

  public func cacheBytes(tokens: Int) -> Bytes {
    keepsCache ? cache.bytes(tokens, layer) + index(of: cache.allocated(tokens)) : .zero
  }

  public func peakCacheBytes(tokens: Int) -> Bytes {
    keepsCache ? cache.peakBytes(tokens, layer) + index(of: Double(cache.peak(tokens))) : .zero
  }

  /// Bytes of the index by which a pattern chooses among so many entries.
  private func index(of entries: Double) -> Bytes {
    Bytes(entries * (selection?.indexBytesPerToken ?? 0))
  }

  public var cacheNote: String? { keepsCache ? cache.note(layer) : nil }

  public var patternName: String? { pattern.name }

  public var cacheName: String? { keepsCache ? cache.name : nil }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}
