public import Quantities

/// Which entries a layer keeps of the tokens it has seen, how they are stored, and what that costs.
///
/// An entry is the key and the value of one token in one layer, over all KV heads. Two policies that are equal
/// cost the same in equal layers.
public protocol CachePolicy: Sendable, Hashable {
  /// Text that parses back to the policy; that of a window's buffer is `rolling`, whatever the window.
  var name: String { get }

  /// Entries kept after `tokens` tokens of one sequence.
  func retained(_ tokens: Int) -> Int

  /// Of `tokens` earlier tokens of one sequence, the entries that the queries of a step find.
  ///
  /// Where a policy holds a budget, the step's first token takes the place of an entry before it is read:
  /// one fewer than the budget is left.
  func readable(_ tokens: Int) -> Int

  /// Entries for which memory is held after `tokens` tokens: whole pages, a reserved length; a share of an entry
  /// where several sequences hold it together.
  func allocated(_ tokens: Int) -> Double

  /// Entries for which memory is held while a prompt of `tokens` tokens is read.
  func peak(_ tokens: Int) -> Double

  /// How entries are stored, where the configuration asks for `kv`.
  func storage(_ kv: NumberFormat) -> CacheStorage

  /// Of the retained entries, those that are kept behind a link (host memory, flash) and fetched in each step.
  func remote(_ tokens: Int) -> Int

  /// Bytes of one layer and sequence beside the entries: page tables, scores.
  func metadata(_ tokens: Int, _ layer: CacheLayer) -> Bytes

  /// Whether there is anything that `emitUpkeep` appends in some step.
  var hasUpkeep: Bool { get }

  /// Appends what the policy costs in a step beside reading and writing entries: scoring, rotating, packing.
  func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer)

  /// Whether entries are chosen by attention weights, which a fused kernel does not hand out.
  var needsProbabilities: Bool { get }

  /// Whether outputs are those of the same model with a full cache.
  var isLossless: Bool { get }

  /// What a reader of a result should know of the policy in a layer; `nil` where there is nothing.
  func note(_ layer: CacheLayer) -> String?
}

extension CachePolicy {
  public func readable(_ tokens: Int) -> Int {
    min(retained(tokens), max(0, retained(tokens + 1) - 1))
  }
  public func allocated(_ tokens: Int) -> Double { Double(retained(tokens)) }
  public func peak(_ tokens: Int) -> Double { allocated(tokens) }
  public func storage(_ kv: NumberFormat) -> CacheStorage { CacheStorage(kv) }
  public func remote(_ tokens: Int) -> Int { 0 }
  public func metadata(_ tokens: Int, _ layer: CacheLayer) -> Bytes { .zero }
  public var hasUpkeep: Bool { false }
  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {}
  public var needsProbabilities: Bool { false }
  public var isLossless: Bool { true }

  public func note(_ layer: CacheLayer) -> String? {
    guard needsProbabilities, !layer.schedule.handsOutProbabilities else { return nil }
    return "\(name.prefix { $0 != ":" }) needs attention weights, which \(layer.schedule.rawValue) "
      + "does not hand out: an extra pass over the keys"
  }

  /// Bytes of one layer after `tokens` tokens of one sequence.
  func bytes(_ tokens: Int, _ layer: CacheLayer) -> Bytes {
    layer.bytes(entries: allocated(tokens) - Double(remote(tokens))) + metadata(tokens, layer)
  }

  /// Bytes of one layer while a prompt of `tokens` tokens of one sequence is read.
  func peakBytes(_ tokens: Int, _ layer: CacheLayer) -> Bytes {
    layer.bytes(entries: peak(tokens) - Double(remote(tokens))) + metadata(tokens, layer)
  }

  /// Whether another policy is the same.
  func isSame(as other: any CachePolicy) -> Bool { other as? Self == self }
}

/// How entries are stored: the newest may keep a wider format than the rest (KIVI's residual).
public struct CacheStorage: Sendable, Hashable {
  public var old: CompactFormat
  public var recent: CompactFormat
  /// How many of the newest entries are stored as `recent`.
  public var recentTokens: Int
  /// Where entries lie that are kept outside the chip.
  public var remotePeer = LinkUse.Peer.host

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

  /// Adds the reads of cached entries of each sequence: the newest may lie in a wider format, the oldest behind
  /// a link.
  /// - Parameters:
  ///   - entries: how many of the newest are read.
  ///   - remote: how many of these lie behind the link.
  ///   - columns: elements that are read of each.
  ///   - batch: sequences.
  ///   - operation: receives the operands.
  func addReads(
    of entries: Int, remote: Int = 0, columns: Int, batch: Int, to operation: inout Operation
  ) {
    let near = entries - remote
    let newest = min(near, recentTokens)
    if near > newest {
      operation.add(
        Operand(.cacheRead, rows: batch * (near - newest), columns: columns, format: old))
    }
    if newest > 0 {
      operation.add(Operand(.cacheRead, rows: batch * newest, columns: columns, format: recent))
    }
    if remote > 0 {
      operation.prefetch(
        Bytes(Double(batch * remote) * Double(columns) * old.bytesPerElement), from: remotePeer)
    }
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

  /// Bytes of entries as they are stored, the newest in their own format.
  func bytes(entries: Double) -> Bytes {
    let recent = min(entries, Double(storage.recentTokens))
    let elements = Double(entryWidth)
    return Bytes(
      (entries - recent) * elements * storage.old.bytesPerElement
        + recent * elements * storage.recent.bytesPerElement)
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
