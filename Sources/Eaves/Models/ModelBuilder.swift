/// Builds the parts of a compiled model.
struct ModelBuilder {
  let model: Model
  let choices: ModelChoices

  /// The order of tensors in a file; `nil` where no rule of llama.cpp says what formats they have.
  private let order: FileOrder?

  init(_ model: Model, _ choices: ModelChoices) {
    self.model = model
    self.choices = choices
    order = choices.weights.isFileType ? FileOrder(model) : nil
  }

  private var hasHead: Bool { model.kind.hasHead }
  private var activations: CompactFormat { CompactFormat(choices.activations) }

  private func format(
    _ role: TensorRole, rowLength: Int, layer: Int = 0, isExpert: Bool = false,
    block: Block? = nil, file: FileView = FileView()
  ) -> NumberFormat {
    var place = TensorPlace(
      role: role, layer: layer, layers: model.depth ?? model.layers.count, rowLength: rowLength,
      isExpert: isExpert, isTied: model.hasTiedEmbeddings)
    if let block {
      if let attention = block.attention {
        place.sharing = attention.heads / max(1, attention.kvHeads)
      }
      place.experts = block.feedForward?.experts ?? 0
    }
    place.file = file
    order?.complete(&place)
    return choices.weights.format(of: place)
  }

  func before() -> [any Emitter] {
    if let image = model.image {
      return image.emitters(
        model, place(of: image.stem),
        positions: format(.positionEmbedding, rowLength: model.hiddenSize))
    }
    let embedding = EmbeddingParts(
      model: model, activations: choices.activations, precision: choices.precision,
      format: { format($0, rowLength: $1) },
      norm: { norm(.embeddingNorm, count: 1, addsResidual: false, width: $0) })
    var parts = embedding.emitters(isOwnedByHead: hasHead && model.hasTiedEmbeddings)
    if let embedding = model.perLayerEmbedding { parts.append(perLayer(embedding)) }
    parts += streamProjections()
    if model.rotaryFactors > 0 { parts.append(RotaryFactors(count: model.rotaryFactors)) }
    if model.kind == .encoderDecoder { parts.append(SourcePart(part: encoderInput())) }
    return parts
  }

  /// The inputs of all layers, of a row of a table and of the embedding.
  private func perLayer(_ embedding: PerLayerEmbedding) -> any Emitter {
    let width = model.layers.count * embedding.size
    var projection = product(.perLayerInput, to: width, .mixerInput)
    projection.normWidth = embedding.size
    projection.lanes = 5 * Double(width)
    projection.specials = Double(model.layers.count)
    projection.extraRead = width
    return PerLayerEmbeddingEmitter(
      hidden: model.hiddenSize, layers: model.layers.count, embedding: embedding,
      table: CompactFormat(format(.embedding, rowLength: width)),
      activations: activations, projection: projection)
  }

  /// What makes further residual streams of the first, and one of them at the end: a product each, and its
  /// magnitude made that of the first.
  private func streamProjections() -> [any Emitter] {
    var projection = product(.residualPath, to: model.hiddenSize, .mixerInput)
    projection.lanes = 4 * Double(model.hiddenSize)
    projection.specials = 1
    return Array(repeating: projection, count: model.residualStreams - 1)
  }

  /// A product of every row outside the layers.
  private func product(_ id: Operation.ID, to output: Int, _ role: TensorRole) -> RowProduct {
    // Files keep these matrices in 16 bits.
    var file = FileView()
    file.kept = .f16
    let weights = format(role, rowLength: model.hiddenSize, file: file)
    return RowProduct(
      id: id, input: model.hiddenSize, output: output, weights: CompactFormat(weights),
      activations: activations,
      precision: choices.precision.precision(weights: weights, activations: choices.activations),
      norm: CompactFormat(format(.norm, rowLength: model.hiddenSize)))
  }

  /// What makes the first rows of the encoder of an encoder-decoder: filters, or the one table of both.
  private func encoderInput() -> any Emitter {
    let width = model.embeddingSize ?? model.hiddenSize
    let table = CompactFormat(format(.embedding, rowLength: width))
    let positions = CompactFormat(format(.positionEmbedding, rowLength: width))
    guard let input = model.encoderInput else {
      return EmbeddingEmitter(
        width: width, vocabulary: model.vocabulary, isOwnedByHead: true, positionRows: 0,
        tokenTypes: 0, table: table, positions: positions, activations: activations)
    }
    let filters = format(.mixerVector, rowLength: width)
    return EncoderInputEmitter(
      width: width, input: input, filters: CompactFormat(filters),
      bias: CompactFormat(format(.bias, rowLength: width)), positions: positions,
      activations: activations,
      precision: choices.precision.precision(weights: filters, activations: choices.activations))
  }

  func after() -> [any Emitter] {
    let width = model.hiddenSize
    let table = format(model.hasTiedEmbeddings ? .embedding : .head, rowLength: width)
    var parts = exchange(choices.spreading?.exchangeAfterLayers) + streamProjections()
    if model.hasFinalNorm { parts.append(norm(.finalNorm, count: 1, addsResidual: true)) }
    if let classifier = model.classifier {
      parts.append(
        ClassifierEmitter(
          classifier, width: width, positions: model.fixedTokens ?? 1,
          weights: format(.head, rowLength: width), bias: format(.bias, rowLength: width),
          choices))
      return parts
    }
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

  /// The layers of the model, and before them those of its encoder where it has one.
  func groups() -> [CompiledModel.LayerGroup] {
    var encoder = groups(model.encoderLayers, kind: .encoder) { SourcePart(part: $0) }
    if !encoder.isEmpty, model.hasFinalNorm {
      let last = SourcePart(part: norm(.finalNorm, count: 1, addsResidual: true))
      encoder.append(CompiledModel.LayerGroup(count: 1, mixers: [], parts: [last]))
    }
    return encoder + groups(model.layers, kind: model.kind) { $0 }
  }

  /// Layers of one block and one set of formats are identical: compiled once, in order of appearance.
  private func groups(
    _ layers: [String], kind: Model.Kind, wrap: (any Emitter) -> any Emitter
  ) -> [CompiledModel.LayerGroup] {
    struct Key: Hashable {
      let block: String
      let formats: LayerFormats
      let experts: LayerFormats
      /// The layer, where policies differ from layer to layer.
      let layer: Int?
    }
    var order: [(key: Key, layer: Int)] = []
    var counts: [Key: Int] = [:]
    for (index, name) in layers.enumerated() {
      guard let block = model.blocks[name] else { continue }
      let key = Key(
        block: name, formats: formats(of: block, layer: index, isExpert: false),
        experts: formats(of: block, layer: index, isExpert: true),
        layer: choices.place(ofLayer: index))
      if counts[key] == nil { order.append((key, index)) }
      counts[key, default: 0] += 1
    }
    let blockCounts = Dictionary(layers.map { ($0, 1) }, uniquingKeysWith: +)
    return order.compactMap { key, layer in
      guard let block = model.blocks[key.block], let count = counts[key] else { return nil }
      let place = MixerPlace(
        hidden: model.hiddenSize, kind: kind, norm: model.norm,
        rotatesQueries: model.position == .rotary, layer: layer,
        layers: kind == model.kind ? model.depth ?? layers.count : layers.count,
        formats: key.formats, choices: choices)
      let mixers = mixers(of: block, place)
      var parts = parts(of: block, mixers: mixers, formats: key.formats, experts: key.experts)
        .flatMap(\.parts)
      if choices.activations.isQuantised { parts = parts.map { QuantisedInputs(part: $0) } }
      if choices.sparsity.changesProducts {
        parts = parts.map {
          PrunedPart(part: $0, sparsity: choices.sparsity, rates: choices.rates)
        }
      }
      if block.isSkippedInPrefill { parts = parts.map { LastRowsPart(part: $0) } }
      if let sets = block.weightSets, let total = blockCounts[key.block], sets < total {
        let share = Double(sets) / Double(total)
        parts = parts.map { SharedWeights(part: $0, share: share) }
      }
      return CompiledModel.LayerGroup(count: count, mixers: mixers, parts: parts.map(wrap))
    }
  }

  private func formats(of block: Block, layer: Int, isExpert: Bool) -> LayerFormats {
    let width = model.hiddenSize
    var rowLengths: [TensorRole: Int] = [
      .gate: width, .up: width, .router: width, .norm: width, .bias: width, .mixerVector: width,
    ]
    if let part = block.feedForward {
      rowLengths[.down] = part.experts > 0 && !isExpert ? max(1, part.sharedSize) : part.size
    }
    if let attention = block.attention {
      let input = attention.inputSize ?? width
      for role in [TensorRole.query, .key, .value] { rowLengths[role] = input }
      rowLengths[.attentionOutput] = attention.outputWidth
    }
    for mixer in block.mixers {
      // A mixer knows the sizes of its tensors.
      rowLengths.merge(mixer.shape.rowLengths(hidden: width)) { _, mixers in mixers }
    }
    var weights: [TensorRole: NumberFormat] = [:]
    for (role, length) in rowLengths {
      weights[role] = format(
        role, rowLength: length, layer: layer, isExpert: isExpert, block: block)
    }
    if order != nil { takeFileTensors(of: block, layer: layer, into: &weights) }
    return LayerFormats(
      weights: weights, activations: choices.activations, kv: choices.kv,
      precision: choices.precision)
  }

  /// The formats of roles whose tensors do not all fare alike in a file.
  private func takeFileTensors(
    of block: Block, layer: Int, into weights: inout [TensorRole: NumberFormat]
  ) {
    var parts: [TensorRole: [(format: NumberFormat, elements: Int)]] = [:]
    for tensor in block.mixers.flatMap({ $0.shape.fileTensors(hidden: model.hiddenSize) }) {
      var file = FileView()
      file.role = tensor.seenAs
      file.kept = tensor.kept
      file.isStacked = tensor.isStacked
      let format = format(
        tensor.role, rowLength: tensor.rowLength, layer: layer, block: block, file: file)
      parts[tensor.role, default: []].append((format, tensor.elements))
    }
    for (role, parts) in parts { weights[role] = .mean(of: parts) }
  }

  /// Where the parts stand that make tokens of an image.
  private func place(of stem: [AnyMixerShape]) -> MixerPlace {
    let block = Block(attention: nil, mixers: stem, feedForward: nil, norms: 0)
    return MixerPlace(
      hidden: model.hiddenSize, kind: model.kind, norm: model.norm, rotatesQueries: false, layer: 0,
      layers: model.layers.count, formats: formats(of: block, layer: 0, isExpert: false),
      choices: choices)
  }

  private func mixers(of block: Block, _ place: MixerPlace) -> [any TokenMixer] {
    let attention: [any TokenMixer] = block.attention.map { [SoftmaxAttention($0, place)] } ?? []
    return attention + block.mixers.map { $0.shape.mixer(place) }
  }

  private func parts(
    of block: Block, mixers: [any TokenMixer], formats: LayerFormats, experts: LayerFormats
  ) -> [any Emitter] {
    let before = (block.norms + 1) / 2
    let after = block.norms - before
    var parts: [any Emitter] = []
    if before > 0 {
      parts.append(norm(.attentionNorm, count: before, addsResidual: true))
    }
    parts += mixers
    parts += exchange(choices.spreading?.exchangeAfterMixers(block))
    if after > 0 || !block.extraNormSizes.isEmpty {
      parts.append(
        norm(
          .feedForwardNorm, count: after, addsResidual: !block.isParallel,
          extra: block.extraNormSizes))
    }
    guard let feedForward = block.feedForward else { return parts }
    parts += choices.sparsity.extraParts(of: block, model, formats)
    if feedForward.experts > 0 {
      let mixture = MixtureOfExperts(
        hidden: model.hiddenSize, shape: feedForward, experts: experts, shared: formats)
      parts.append(
        choices.experts.isPlain
          ? mixture : PlacedExperts(mixture, choices.experts, layers: expertLayers))
    } else {
      parts.append(
        DenseFeedForward(hidden: model.hiddenSize, shape: feedForward, formats: formats))
    }
    return parts + exchange(choices.spreading?.exchangeAfterFeedForward(block))
  }

  /// What devices exchange at some place; nothing where there is one device.
  private func exchange(_ kind: Exchange.Kind?) -> [any Emitter] {
    guard let kind, let spreading = choices.spreading else { return [] }
    return [
      Exchange(
        kind: kind, devices: spreading.devices, hidden: model.hiddenSize, activations: activations)
    ]
  }

  /// Layers that have experts: they share the buffer into which missing ones come.
  private var expertLayers: Int {
    model.layers.filter { (model.blocks[$0]?.feedForward?.experts ?? 0) > 0 }.count
  }

  private func norm(
    _ id: Operation.ID, count: Int, addsResidual: Bool, extra: [Int] = [], width: Int? = nil
  ) -> NormEmitter {
    NormEmitter(
      id: id, width: width ?? model.hiddenSize, count: count, norm: model.norm,
      hasBias: model.normHasBias,
      addsResidual: addsResidual, extraWidths: extra,
      weights: CompactFormat(format(.norm, rowLength: width ?? model.hiddenSize)),
      activations: activations)
  }
}
