/// Builds the parts of a compiled model.
struct ModelBuilder {
  let model: Model
  let choices: ModelChoices

  init(_ model: Model, _ choices: ModelChoices) {
    self.model = model
    self.choices = choices
  }

  private var hasHead: Bool { model.kind == .decoder }
  private var activations: CompactFormat { CompactFormat(choices.activations) }

  private func format(
    _ role: TensorRole, rowLength: Int, layer: Int = 0, isExpert: Bool = false,
    block: Block? = nil
  ) -> NumberFormat {
    var place = TensorPlace(
      role: role, layer: layer, layers: model.layers.count, rowLength: rowLength,
      isExpert: isExpert, isTied: model.hasTiedEmbeddings)
    if let block {
      place.sharing = block.attention.heads / max(1, block.attention.kvHeads)
      place.experts = block.feedForward.experts
    }
    return choices.weights.format(of: place)
  }

  func before() -> [any Emitter] {
    let width = model.embeddingSize ?? model.hiddenSize
    var parts: [any Emitter] = [
      EmbeddingEmitter(
        width: width, vocabulary: model.vocabulary,
        isOwnedByHead: hasHead && model.hasTiedEmbeddings, positionRows: model.positionRows,
        tokenTypes: model.tokenTypes,
        table: CompactFormat(format(.embedding, rowLength: width)),
        positions: CompactFormat(format(.positionEmbedding, rowLength: width)),
        activations: activations)
    ]
    if model.hasEmbeddingNorm {
      parts.append(norm(.embeddingNorm, count: 1, addsResidual: false))
    }
    return parts
  }

  func after() -> [any Emitter] {
    let width = model.hiddenSize
    let table = format(model.hasTiedEmbeddings ? .embedding : .head, rowLength: width)
    var parts: [any Emitter] = []
    if model.hasFinalNorm { parts.append(norm(.finalNorm, count: 1, addsResidual: true)) }
    let pooler = format(.attentionOutput, rowLength: width)
    parts.append(
      HeadEmitter(
        width: width, vocabulary: model.vocabulary, hasHead: hasHead, hasBias: model.headHasBias,
        hasPooler: model.hasPooler, table: CompactFormat(hasHead ? table : pooler),
        bias: CompactFormat(format(.bias, rowLength: width)), activations: activations,
        precision: choices.precision.precision(
          weights: hasHead ? table : pooler, activations: choices.activations)))
    return parts
  }

  /// Layers of one block and one set of formats are identical: compiled once, in order of appearance.
  func groups() -> [CompiledModel.LayerGroup] {
    struct Key: Hashable {
      let block: String
      let formats: LayerFormats
      let experts: LayerFormats
    }
    var order: [Key] = []
    var counts: [Key: Int] = [:]
    for (index, name) in model.layers.enumerated() {
      guard let block = model.blocks[name] else { continue }
      let key = Key(
        block: name, formats: formats(of: block, layer: index, isExpert: false),
        experts: formats(of: block, layer: index, isExpert: true))
      if counts[key] == nil { order.append(key) }
      counts[key, default: 0] += 1
    }
    return order.compactMap { key in
      guard let block = model.blocks[key.block], let count = counts[key] else { return nil }
      let mixer = mixer(of: block, formats: key.formats)
      return CompiledModel.LayerGroup(
        count: count, mixer: mixer,
        parts: parts(of: block, mixer: mixer, formats: key.formats, experts: key.experts))
    }
  }

  private func formats(of block: Block, layer: Int, isExpert: Bool) -> LayerFormats {
    let width = model.hiddenSize
    let heads = block.attention.heads * block.attention.valueHeadSize
    func resolve(_ role: TensorRole, _ rowLength: Int) -> NumberFormat {
      format(role, rowLength: rowLength, layer: layer, isExpert: isExpert, block: block)
    }
    return LayerFormats(
      weights: [
        .query: resolve(.query, width), .key: resolve(.key, width),
        .value: resolve(.value, width), .attentionOutput: resolve(.attentionOutput, heads),
        .gate: resolve(.gate, width), .up: resolve(.up, width),
        .down: resolve(.down, block.feedForward.size), .router: resolve(.router, width),
        .norm: resolve(.norm, width), .bias: resolve(.bias, width),
      ], activations: choices.activations, kv: choices.kv, precision: choices.precision)
  }

  private func mixer(of block: Block, formats: LayerFormats) -> any TokenMixer {
    let own: any Pattern =
      model.kind == .encoder
      ? Bidirectional() : block.attention.window.map { SlidingWindow($0) } ?? Causal()
    let pattern = choices.pattern ?? own
    return SoftmaxAttention(
      hidden: model.hiddenSize, shape: block.attention, pattern: pattern,
      cache: choices.cache.policy(pattern),
      schedule: choices.schedule, rotatesQueries: model.position == .rotary,
      keepsCache: model.kind == .decoder, formats: formats)
  }

  private func parts(
    of block: Block, mixer: any TokenMixer, formats: LayerFormats, experts: LayerFormats
  ) -> [any Emitter] {
    let before = (block.norms + 1) / 2
    let after = block.norms - before
    var parts: [any Emitter] = []
    if before > 0 {
      parts.append(norm(.attentionNorm, count: before, addsResidual: true))
    }
    parts.append(mixer)
    if after > 0 || !block.extraNormSizes.isEmpty {
      parts.append(
        norm(
          .feedForwardNorm, count: after, addsResidual: !block.isParallel,
          extra: block.extraNormSizes))
    }
    if block.feedForward.experts > 0 {
      parts.append(
        MixtureOfExperts(
          hidden: model.hiddenSize, shape: block.feedForward, experts: experts, shared: formats))
    } else {
      parts.append(
        DenseFeedForward(hidden: model.hiddenSize, shape: block.feedForward, formats: formats))
    }
    return parts
  }

  private func norm(
    _ id: Operation.ID, count: Int, addsResidual: Bool, extra: [Int] = []
  ) -> NormEmitter {
    NormEmitter(
      id: id, width: model.hiddenSize, count: count, norm: model.norm, hasBias: model.normHasBias,
      addsResidual: addsResidual, extraWidths: extra,
      weights: CompactFormat(format(.norm, rowLength: model.hiddenSize)),
      activations: activations)
  }
}
