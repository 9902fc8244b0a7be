public import Quantities

/// Which entries a layer keeps of the tokens it has seen, how they are stored, and what that costs.
///
/// An entry is the key and the value of one token in one layer, over all KV heads.
public protocol CachePolicy: Sendable {
  /// Text that parses back to the policy.
  var name: String { get }

  /// Entries kept after `tokens` tokens of one sequence: what a later step can read.
  func retained(_ tokens: Int) -> Int

  /// Entries for which memory is held after `tokens` tokens: whole pages, a reserved length.
  func allocated(_ tokens: Int) -> Int

  /// How entries are stored, where the configuration asks for `kv`.
  func storage(_ kv: NumberFormat) -> CacheStorage

  /// Of the retained entries, those that are kept behind a link (host memory, flash) and fetched in each step.
  func remote(_ tokens: Int) -> Int

  /// Bytes of one layer and sequence beside the entries: page tables, scores.
  func metadata(_ tokens: Int, _ layer: CacheLayer) -> Bytes

  /// Appends what the policy costs in a step beside reading and writing entries: scoring, rotating, packing.
  func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer)

  /// Whether entries are chosen by attention weights, which a fused kernel does not hand out.
  var needsProbabilities: Bool { get }

  /// Whether outputs are those of the same model with a full cache.
  var isLossless: Bool { get }
}

extension CachePolicy {
  public func allocated(_ tokens: Int) -> Int { retained(tokens) }
  public func storage(_ kv: NumberFormat) -> CacheStorage { CacheStorage(kv) }
  public func remote(_ tokens: Int) -> Int { 0 }
  public func metadata(_ tokens: Int, _ layer: CacheLayer) -> Bytes { .zero }
  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {}
  public var needsProbabilities: Bool { false }
  public var isLossless: Bool { true }

  /// Bytes of one layer after `tokens` tokens of one sequence.
  func bytes(_ tokens: Int, _ layer: CacheLayer, entryWidth: Int) -> Bytes {
    let entries = allocated(tokens) - remote(tokens)
    let recent = min(entries, layer.storage.recentTokens)
    let elements = Double(entryWidth)
    return Bytes(
      Double(entries - recent) * elements * layer.storage.old.bytesPerElement
        + Double(recent) * elements * layer.storage.recent.bytesPerElement)
      + metadata(tokens, layer)
  }
}

/// How entries are stored: the newest may keep a wider format than the rest (KIVI's residual).
public struct CacheStorage: Sendable, Hashable {
  public var old: CompactFormat
  public var recent: CompactFormat
  /// How many of the newest entries are stored as `recent`.
  public var recentTokens: Int

  /// One format for all entries.
  public init(_ format: NumberFormat) {
    self.init(old: format, recent: format, recentTokens: 0)
  }

  /// Two formats.
  public init(old: NumberFormat, recent: NumberFormat, recentTokens: Int) {
    self.old = CompactFormat(old)
    self.recent = CompactFormat(recent)
    self.recentTokens = recentTokens
  }
}

/// What a cache policy knows of the attention it serves.
public struct CacheLayer: Sendable, Hashable {
  /// Query heads (H), KV heads (G), widths of keys and values.
  ///
  /// An entry has G·(d_q + d_v) elements. Of a latent cache the value is part of the key, and 0 wide here.
  public var heads: Int
  public var kvHeads: Int
  public var headSize: Int
  public var valueHeadSize: Int
  /// How attention is scheduled: only `materialised` writes its probabilities.
  public var schedule: Schedule
  public var storage: CacheStorage
  public var activations: CompactFormat
  /// The precision of products with keys.
  public var precision: MultiplyPrecision
  /// Whether keys are rotated by their position.
  public var rotatesKeys: Bool

  /// Elements of an entry.
  public var entryWidth: Int { kvHeads * (headSize + valueHeadSize) }

  /// The attention of a layer with a latent cache of `entryWidth` elements a token, which all heads share.
  public init(
    heads: Int, entryWidth: Int, schedule: Schedule, storage: CacheStorage,
    activations: CompactFormat, precision: MultiplyPrecision, rotatesKeys: Bool
  ) {
    self.heads = heads
    kvHeads = 1
    headSize = entryWidth
    valueHeadSize = 0
    self.schedule = schedule
    self.storage = storage
    self.activations = activations
    self.precision = precision
    self.rotatesKeys = rotatesKeys
  }

  /// The attention of a layer.
  public init(
    _ shape: Block.Attention, schedule: Schedule, storage: CacheStorage,
    activations: CompactFormat, precision: MultiplyPrecision, rotatesKeys: Bool
  ) {
    heads = shape.heads
    kvHeads = shape.kvHeads
    headSize = shape.headSize
    valueHeadSize = shape.valueHeadSize
    self.schedule = schedule
    self.storage = storage
    self.activations = activations
    self.precision = precision
    self.rotatesKeys = rotatesKeys
  }
}
