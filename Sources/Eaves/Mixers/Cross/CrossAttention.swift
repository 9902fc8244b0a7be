public import Quantities

/// Attention to the source of an encoder-decoder: its cache is fixed once the source has been read.
public struct CrossAttention: TokenMixer {
  private let entryWidth: Int
  private let storage: CacheStorage
  public let parts: [any Emitter]

  /// Cross-attention of one kind of layer.
  public init(_ shape: Block.Attention, _ place: MixerPlace) {
    let formats = place.formats
    entryWidth = shape.entryWidth
    storage = CacheStorage(formats.kv)
    let layer = CacheLayer(
      shape, schedule: place.choices.schedule, storage: storage,
      activations: CompactFormat(formats.activations),
      precision: AttentionCore.precision(formats, keepsCache: true), rotatesKeys: false)
    // Queries are projected alone, as where keys and values are those of another layer.
    var queries = shape
    queries.sharesCache = true
    parts = [
      AttentionProjections(hidden: place.hidden, shape: queries, formats: formats),
      SourcePart(
        part: KeyValueProjection(
          hidden: place.hidden, shape: shape, storage: storage, rotatesKeys: false,
          formats: formats)),
      CrossCore(kernel: AttentionKernel(shape, layer: layer, formats: formats)),
      AttentionOutput(hidden: place.hidden, shape: shape, formats: formats),
    ]
  }

  public func sourceBytes(tokens: Int) -> Bytes {
    Bytes(Double(tokens) * Double(entryWidth) * storage.old.bytesPerElement)
  }

  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}

/// Attention over the keys of the source.
private struct CrossCore: Emitter, Equatable {
  let kernel: AttentionKernel

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let source = step.sourceTokens
    let keys = KeyRows(
      cached: step.encodesSource ? 0 : source, new: step.encodesSource ? source : 0,
      length: source)
    let counts = WholeSource(tokens: source).counts(step, tilesOf: kernel.schedule.tileSide)
    kernel.emit(step, counts, keys: keys, into: &buffer)
  }
}

/// Every token reads the whole source, and nothing of its own sequence.
struct WholeSource: Pattern {
  let tokens: Int
  let name = "source"

  func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    body(0..<tokens, 1)
  }

  /// S·source.
  func pairs(_ step: Step) -> Double { Double(step.newTokens) * Double(tokens) }

  func span(_ step: Step) -> Int { tokens }

  func cachedKeysRead(_ step: Step) -> Int { tokens }

  func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    let blocks = (step.newTokens + rows - 1) / rows
    let keys = (tokens + columns - 1) / columns
    return Double(blocks * rows) * Double(keys * columns)
  }
}
