import Eaves

/// A model that is being imported: what the common keys say, before its family completes it.
struct ModelDraft {
  var kind = Model.Kind.decoder
  let hiddenSize: Int
  var layerCount: Int
  var vocabulary: Int
  var maxContext: Int
  var isTied: Bool
  var attention: Block.Attention
  var feedForward: Block.FeedForward
  /// The feed-forward part of the layers with experts.
  var experts: Block.FeedForward?
  /// The layers that have no experts although others have.
  var denseLayers: Set<Int> = []
  /// The window of each layer.
  var windows: [Int?]
  /// The layers with their names, where they are more than attention and feed-forward.
  var layers: [(name: String, block: Block)] = []
  var norms = 2
  var isParallel = false
  var norm = Model.Norm.rmsnorm
  /// Nil where the kind of norm says it.
  var normHasBias: Bool?
  var hasFinalNorm = true
  var hasEmbeddingNorm = false
  var position = Model.Position.rotary
  var positionRows = 0
  var tokenTypes = 0
  var hasPooler = false
  var headHasBias = false
  var embeddingSize: Int?
  var embeddingSpan = 1
  /// Sets of weights of all layers; nil where each has its own.
  var weightSets: Int?
  /// A mixer that is the whole layer, in place of attention and feed-forward.
  var wholeLayer: AnyMixerShape?
  /// Latent attention in place of the other, in every layer.
  var latent: LatentAttentionShape?
  /// What else every layer has.
  var everyMixer: [AnyMixerShape] = []
  /// How many of the last layers read the cache of an earlier one.
  var sharedLayers = 0
  var residualStreams = 1
  var perLayerEmbedding: PerLayerEmbedding?
  /// The encoder of an encoder-decoder; the layers are then the decoder's.
  var encoder: EncoderDraft?
  var notes: [String] = []
  /// What stands in place of attention, by layer.
  var mixers: [Int: [AnyMixerShape]] = [:]
  /// Whether there is a feed-forward part; where there is none, mixers are all.
  var hasFeedForward = true

  /// Reads the keys that all families have.
  init(reading config: ConfigReader, _ defaults: ConfigDefaults) throws(DataError) {
    hiddenSize = try config.integer(ConfigKeys.hidden, in: ModelLimits.widths, default: nil)
    layerCount = try config.integer(ConfigKeys.layers, in: ModelLimits.layers, default: nil)
    vocabulary = try config.integer(
      ConfigKeys.vocabulary, in: ModelLimits.rows, default: defaults.vocabulary)
    maxContext = try config.maxContext(defaults)
    if defaults.positions == nil, maxContext == ConfigReader.unlimited {
      notes.append("a recurrent state has no longest context: 1M stands for it")
    }
    isTied = try config.boolean("tie_word_embeddings", default: defaults.isTied)
    windows = Array(repeating: nil, count: layerCount)
    guard defaults.hasAttention, let standard = defaults.heads else {
      // Parts that no layer of the family has.
      attention = Block.Attention(heads: 1, kvHeads: 1, headSize: hiddenSize)
      feedForward = Block.FeedForward(size: hiddenSize, isGated: false, activation: .silu)
      return
    }
    let heads = try config.integer(ConfigKeys.heads, in: ModelLimits.heads, default: standard)
    attention = Block.Attention(
      heads: heads, kvHeads: try config.kvHeads(of: heads, defaults.kvHeads),
      headSize: try config.headSize(width: hiddenSize, heads: heads, defaults.headSize))
    feedForward = Block.FeedForward(
      size: try config.feedForwardSize(default: defaults.feedForward ?? 4 * hiddenSize),
      isGated: true, activation: try config.activation(default: defaults.activation))
  }

  /// An encoder that is shaped as the decoder but for its number of layers.
  struct EncoderDraft {
    let layers: Int
    var sourceTokens: Int?
    var input: EncoderInput?
    /// Rows of the table of relative positions in the first layer of either stack.
    var positionBuckets = 0
  }

  /// What only the completed shapes show to be wrong.
  func requireSharedHeads(_ config: ConfigReader) throws(DataError) {
    guard attention.heads.isMultiple(of: attention.kvHeads) else {
      throw config.error(
        at: ConfigKeys.kvHeads,
        "\(attention.kvHeads) heads cannot be shared equally by \(attention.heads)",
        remedy: "write a divisor of \(quoted(config.spelling(of: ConfigKeys.heads)))")
    }
  }

  /// A window that the longest context fits into changes nothing.
  mutating func dropWideWindows() {
    guard let window = windows.compactMap(\.self).first, window >= maxContext else { return }
    windows = windows.map { _ in nil }
    notes.append("the window of \(window) tokens is no smaller than the context: full attention")
  }

  /// The blocks that the family made itself, and the order of their names.
  private var ownLayers: (blocks: [String: Block], names: [String]) {
    (Dictionary(layers.map { ($0.name, $0.block) }) { first, _ in first }, layers.map(\.name))
  }

  /// The model with its layers and blocks.
  func model(id: String, family: String, format: PublishedFormat) -> Model {
    var (blocks, layers) = ownLayers
    for (index, window) in windows.enumerated() where self.layers.isEmpty {
      let isDense = denseLayers.contains(index)
      let own = mixers[index] ?? []
      let shares = index >= layerCount - sharedLayers
      let isFirst = index == 0 && encoder.map { $0.positionBuckets > 0 } ?? false
      let name =
        (isFirst ? "first-" : "") + (shares ? "shared-" : "")
        + (own.isEmpty ? window == nil ? "global" : "local" : "recurrent")
        + (isDense && experts != nil ? "-dense" : "")
      layers.append(name)
      guard blocks[name] == nil else { continue }
      var attention = attention
      attention.window = window
      attention.sharesCache = shares
      if let wholeLayer {
        blocks[name] = Block(attention: nil, mixers: [wholeLayer], feedForward: nil, norms: 0)
        continue
      }
      guard own.isEmpty else {
        blocks[name] = block(mixers: own, isDense: isDense)
        continue
      }
      blocks[name] = block(
        attention, isFirst: isFirst, isDense: isDense, cross: encoder == nil ? nil : attention)
    }
    var model = Model(
      id: id, name: id, family: family, kind: kind, hiddenSize: hiddenSize,
      vocabulary: vocabulary, hasTiedEmbeddings: isTied, maxContext: maxContext,
      publishedFormat: format.format, norm: norm, position: position, blocks: blocks,
      layers: layers)
    model.publishedGroups = format.groups
    if let encoder { addEncoder(encoder, to: &model) }
    model.residualStreams = residualStreams
    model.perLayerEmbedding = perLayerEmbedding
    if let normHasBias { model.normHasBias = normHasBias }
    model.hasFinalNorm = hasFinalNorm
    model.hasEmbeddingNorm = hasEmbeddingNorm
    model.positionRows = positionRows
    model.tokenTypes = tokenTypes
    model.hasPooler = hasPooler
    model.headHasBias = headHasBias
    model.embeddingSize = embeddingSize
    model.embeddingSpan = embeddingSpan
    model.notes = notes
    return model
  }

  /// One kind of layer; `cross` is the attention to a source, where there is one.
  private func block(
    _ attention: Block.Attention, isFirst: Bool, isDense: Bool, cross: Block.Attention?
  ) -> Block {
    var own = attention
    own.positionBuckets = isFirst ? encoder?.positionBuckets ?? 0 : 0
    var source = cross
    source?.hasPositionBias = false
    let reads = source.map { [AnyMixerShape(CrossAttentionShape($0))] } ?? []
    return Block(
      attention: latent == nil ? own : nil,
      mixers: (latent.map { [AnyMixerShape($0)] } ?? []) + reads + everyMixer,
      feedForward: feedForward(isDense: isDense),
      norms: norms + (cross == nil ? 0 : 1), isParallel: isParallel, weightSets: weightSets)
  }

  /// A layer whose mixers stand in place of attention.
  private func block(mixers: [AnyMixerShape], isDense: Bool) -> Block {
    Block(
      attention: nil, mixers: mixers, feedForward: feedForward(isDense: isDense), norms: norms,
      isParallel: isParallel, weightSets: weightSets)
  }

  private func feedForward(isDense: Bool) -> Block.FeedForward? {
    guard hasFeedForward else { return nil }
    return isDense ? feedForward : experts ?? feedForward
  }

  private func addEncoder(_ encoder: EncoderDraft, to model: inout Model) {
    model.sourceTokens = encoder.sourceTokens
    model.encoderInput = encoder.input
    let hasTable = encoder.positionBuckets > 0
    model.encoderLayers = (0..<encoder.layers).map { index in
      hasTable && index == 0 ? "first-encoder" : "encoder"
    }
    for name in Set(model.encoderLayers) {
      model.blocks[name] = block(
        attention, isFirst: name != "encoder", isDense: true, cross: nil)
    }
  }
}

extension ConfigReader {
  /// What stands for the longest context of a recurrent state: 1M tokens.
  fileprivate static var unlimited: Int { 1 << 20 }

  fileprivate func maxContext(_ defaults: ConfigDefaults) throws(DataError) -> Int {
    let keys = defaults.positionKeys
    guard let standard = defaults.positions else {
      return try optionalInteger(keys, in: ModelLimits.tokens) ?? Self.unlimited
    }
    return try integer(keys, in: ModelLimits.tokens, default: standard)
  }

  /// The width of the feed-forward parts: a number, or a list of one a layer where they are equal.
  fileprivate func feedForwardSize(default standard: Int) throws(DataError) -> Int {
    let key = ConfigKeys.feedForward[0]
    guard case .array? = main.node(key)?.value else {
      return try integer(ConfigKeys.feedForward, in: ModelLimits.widths, default: standard)
    }
    ignore(key)
    let sizes = try main.integers(key, in: ModelLimits.widths)
    guard let first = sizes.first, sizes.allSatisfy({ $0 == first }) else {
      throw main.error(
        at: key, "layers with feed-forward parts of different widths cannot be imported",
        remedy: "choose a model with one width")
    }
    return first
  }

  fileprivate func kvHeads(
    of heads: Int, _ source: ConfigDefaults.KVHeads
  ) throws(DataError) -> Int {
    if case .own = source { return heads }
    if let count = try optionalInteger(ConfigKeys.kvHeads, in: ModelLimits.heads) { return count }
    var count = heads
    if case .fixed(let standard) = source, !isNull(ConfigKeys.kvHeads) { count = standard }
    tookDefault(ConfigKeys.kvHeads[0], "\(count)")
    return count
  }

  fileprivate func headSize(
    width: Int, heads: Int, _ source: ConfigDefaults.HeadSize
  ) throws(DataError) -> Int {
    let key = ConfigKeys.headSize[0]
    var remedy = "write a divisor of \(quoted(spelling(of: ConfigKeys.hidden)))"
    switch source {
    case .derived: break
    case .keyed(let key, let standard):
      return try integer([key], in: ModelLimits.heads, default: standard)
    case .given, .fixed:
      if let size = try optionalInteger([key], in: ModelLimits.heads) { return size }
      remedy += ", or add \(quoted(key))"
    }
    if case .fixed(let standard) = source, !isNull([key]) {
      tookDefault(key, "\(standard)")
      return standard
    }
    guard width.isMultiple(of: heads) else {
      throw error(
        at: ConfigKeys.heads, "\(heads) heads cannot share a width of \(width) equally",
        remedy: remedy)
    }
    if case .given = source { tookDefault(key, "\(width / heads)") }
    return width / heads
  }

  func activation(
    default standard: Block.FeedForward.Activation
  ) throws(DataError) -> Block.FeedForward.Activation {
    guard let (key, text) = try optionalString(ConfigKeys.activation) else {
      tookDefault("hidden_act", standard.rawValue)
      return standard
    }
    switch text {
    case "silu", "swish": return .silu
    case "gelu", "gelu_new", "gelu_fast", "gelu_python", "gelu_pytorch_tanh", "quick_gelu":
      return .gelu
    case "relu": return .relu
    case "relu2": return .reluSquared
    default:
      throw main.error(
        at: key, "the activation \(quoted(text)) cannot be imported",
        remedy: "silu, gelu (and its approximations), relu and relu2 can")
    }
  }
}
