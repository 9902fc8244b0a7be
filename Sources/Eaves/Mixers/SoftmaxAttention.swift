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
  private let kv: CompactFormat
  private let projections: AttentionProjections
  private let rotary: AttentionRotary
  private let core: AttentionCore
  private let output: AttentionOutput

  /// Attention of one kind of layer.
  public init(
    hidden: Int, shape: Block.Attention, pattern: any Pattern, cache: any CachePolicy,
    schedule: Schedule, rotatesQueries: Bool, keepsCache: Bool, formats: LayerFormats
  ) {
    self.pattern = pattern
    self.cache = cache
    self.keepsCache = keepsCache
    self.shape = shape
    kv = CompactFormat(formats.kv)
    projections = AttentionProjections(hidden: hidden, shape: shape, formats: formats)
    rotary = AttentionRotary(
      shape: shape, rotatesQueries: rotatesQueries, keepsCache: keepsCache, formats: formats)
    core = AttentionCore(
      shape: shape, pattern: pattern, schedule: schedule, keepsCache: keepsCache, formats: formats)
    output = AttentionOutput(hidden: hidden, shape: shape, formats: formats)
  }

  public func cacheBytes(tokens: Int) -> Bytes {
    guard keepsCache else { return .zero }
    return Bytes(
      Double(cache.retained(tokens)) * Double(shape.entryWidth) * kv.bytesPerElement)
  }

  public var stateBytes: Bytes { .zero }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    projections.emit(step, into: &buffer)
    rotary.emit(step, into: &buffer)
    core.emit(step, into: &buffer)
    output.emit(step, into: &buffer)
  }

  public var parts: [any Emitter] { [projections, rotary, core, output] }
}

extension Block.Attention {
  /// Width of the queries of a token: H·d_q.
  var queryWidth: Int { heads * headSize }
  /// Width of the result of a token: H·d_v.
  var outputWidth: Int { heads * valueHeadSize }
  /// Elements that one token adds to the cache of one layer: G·(d_q + d_v).
  var entryWidth: Int { kvHeads * (headSize + valueHeadSize) }
}
