public import Eaves

extension Model {
  /// Reads a model (`Scenarios/models/*.json`, schema version 1).
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: Its name, for messages.
  /// - Throws: `DataError` at the first thing that is wrong.
  public init(parsing bytes: [UInt8], file: String) throws(DataError) {
    let root = try ObjectReader(parsing: bytes, file: file)
    try root.requireSchema(1)
    var blocks: [String: Block] = [:]
    for (name, block) in try root.entries("blocks") { blocks[name] = try Block(reading: block) }
    let readsImages = root.has("image_size")
    self.init(
      id: try root.identifier("id"), name: try root.string("name"),
      family: try root.string("family"), kind: try root.choice("kind", of: Kind.self),
      hiddenSize: try root.integer("hidden_size", in: ModelLimits.widths),
      vocabulary: readsImages ? 0 : try root.integer("vocabulary", in: ModelLimits.rows),
      hasTiedEmbeddings: readsImages ? false : try root.boolean("tied_embeddings"),
      maxContext: readsImages ? 1 : try root.integer("max_context", in: ModelLimits.tokens),
      publishedFormat: try root.numberFormat("published_format"),
      norm: try root.choice("norm", of: Norm.self),
      position: try root.choice("position", of: Position.self), blocks: blocks,
      layers: try root.layers("layers", of: blocks))
    for (name, block) in blocks.sorted(by: { $0.key < $1.key }) {
      for mixer in block.mixers {
        guard let misfit = mixer.shape.misfit(hidden: hiddenSize) else { continue }
        throw root.error(
          at: "blocks", "the \(mixer.shape.label) of \(quoted(name)): \(misfit.problem)",
          remedy: misfit.remedy)
      }
    }
    if kind == .encoderDecoder {
      encoderLayers = try root.layers("encoder_layers", of: blocks)
      sourceTokens = try root.optionalInteger("source_tokens", in: ModelLimits.tokens)
      encoderInput = try root.optionalObject("encoder_input").map { object throws(DataError) in
        try EncoderInput(reading: object)
      }
    }
    try root.requireUse(of: blocks, in: layers + encoderLayers)
    hfID = try root.optionalString("hf_id")
    aliases = try root.strings("aliases")
    if let map = try root.optionalObject("published_weights") {
      for group in TensorGroup.allCases {
        publishedGroups[group] = try map.optionalNumberFormat(group.rawValue)
      }
    }
    normHasBias = try root.boolean("norm_bias", default: norm != .rmsnorm)
    hasFinalNorm = try root.boolean("final_norm", default: true)
    hasEmbeddingNorm = try root.boolean("embedding_norm", default: false)
    headHasBias = try root.boolean("head_bias", default: false)
    embeddingSize = try root.optionalInteger("embedding_size", in: ModelLimits.widths)
    embeddingSpan = try root.optionalInteger("embedding_span", in: 1...1000) ?? 1
    if embeddingSize != nil, kind.hasHead, hasTiedEmbeddings {
      throw root.error(
        at: "embedding_size", "a tied head of another width is not costed",
        remedy: "remove it, or write \"tied_embeddings\": false")
    }
    if embeddingSpan > 1, embeddingSize == nil {
      throw root.error(
        at: "embedding_span", "there is no projection that neighbours could enter",
        remedy: "remove it, or add \"embedding_size\"")
    }
    residualStreams = try root.optionalInteger("residual_streams", in: 1...64) ?? 1
    perLayerEmbedding = try root.optionalObject("per_layer_embedding").map {
      object throws(DataError) in
      PerLayerEmbedding(
        rows: try object.integer("rows", in: ModelLimits.rows),
        size: try object.integer("size", in: ModelLimits.widths))
    }
    try readPositions(from: root)
    try readEncoderParts(from: root)
    try readImages(from: root)
    if let reader = try root.optionalObject("checks") { checks = try Checks(reading: reader) }
    source = try root.string("source")
    isVerified = try root.boolean("verified")
    notes = try root.strings("notes")
    try root.finish()
  }

  private mutating func readPositions(from root: ObjectReader) throws(DataError) {
    guard position == .learned else {
      guard !root.has("position_rows") else {
        throw root.error(
          at: "position_rows", "positions are \(position.rawValue), which have no table",
          remedy: "remove it, or write \"position\": \"learned\"")
      }
      root.ignore("position_rows")
      return
    }
    positionRows = try root.integer("position_rows", in: ModelLimits.rows)
  }

  private mutating func readEncoderParts(from root: ObjectReader) throws(DataError) {
    tokenTypes = try root.optionalInteger("token_types", in: ModelLimits.rows) ?? 0
    hasPooler = try root.boolean("pooler", default: false)
    for key in ["token_types", "pooler"] where kind == .decoder && root.has(key) {
      throw root.error(
        at: key, "only encoders have it", remedy: "remove it, or write \"kind\": \"encoder\"")
    }
  }
}

extension EncoderInput {
  init(reading reader: ObjectReader) throws(DataError) {
    var convolutions: [Convolution] = []
    for object in try reader.someObjects("convolutions") {
      convolutions.append(
        Convolution(
          channels: try object.integer("channels", in: ModelLimits.widths),
          kernel: try object.integer("kernel", in: 1...1000),
          stride: try object.integer("stride", in: 1...1000)))
    }
    self.init(
      convolutions: convolutions,
      positionRows: try reader.integer("position_rows", in: ModelLimits.rows))
  }
}

extension Model.Checks {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init()
    parameters = try reader.optionalInteger("parameters", in: ModelLimits.totals)
    if let reader = try reader.optionalObject("active_parameters") {
      active = Model.ActiveParameters(
        withEmbeddings: try reader.integer("with_embeddings", in: ModelLimits.totals),
        withoutInputEmbedding: try reader.integer(
          "without_input_embedding", in: ModelLimits.totals),
        withoutEmbeddings: try reader.integer("without_embeddings", in: ModelLimits.totals))
    }
    publishedParameters = try reader.count("published_parameters")
    publishedActiveParameters = try reader.count("published_active_parameters")
    publishedActiveConvention = try reader.optionalString("published_active_convention")
    kvBytesPerToken = try reader.optionalInteger("kv_bytes_per_token", in: ModelLimits.totals)
    kvWindowBytes = try reader.optionalInteger("kv_window_bytes", in: ModelLimits.totals)
    stateBytes = try reader.optionalInteger("state_bytes", in: ModelLimits.totals)
  }
}

extension ObjectReader {
  /// A published count: a string, which keeps the digits that were published ("27.009e9").
  fileprivate func count(_ key: String) throws(DataError) -> Double? {
    guard let text = try optionalString(key) else { return nil }
    guard let value = Double(text), (0...1e18).contains(value) else {
      throw error(at: key, "\(quoted(text)) is no count", remedy: "write it as in \"27.009e9\"")
    }
    return value
  }

  /// A number format by name, or nil where the key is left out.
  fileprivate func optionalNumberFormat(_ key: String) throws(DataError) -> NumberFormat? {
    guard node(key) != nil else { return nil }
    return try numberFormat(key)
  }

  /// A number format by name.
  fileprivate func numberFormat(_ key: String) throws(DataError) -> NumberFormat {
    let text = try string(key)
    do {
      return try NumberFormat(parsing: text)
    } catch {
      throw self.error(at: key, error.problem, remedy: error.remedy)
    }
  }

  /// The name of each layer's block: the runs of `layers` written out.
  fileprivate func layers(
    _ key: String, of blocks: [String: Block]
  ) throws(DataError) -> [String] {
    var layers: [String] = []
    for run in try someObjects(key) {
      let times = try run.integer("repeat", in: ModelLimits.layers)
      let names = try run.strings("blocks")
      for name in names where blocks[name] == nil {
        throw run.error(
          at: "blocks", "\(quoted(name)) is not in \"blocks\"",
          remedy: Suggestion.question(name, among: blocks.keys.sorted()) ?? "add it there")
      }
      guard !names.isEmpty else {
        throw run.error(at: "blocks", "names no block", remedy: "name at least one")
      }
      guard layers.count + times * names.count <= ModelLimits.layers.upperBound else {
        throw run.error(
          at: "repeat", "more than \(ModelLimits.layers.upperBound) layers",
          remedy: "check the repeats")
      }
      for _ in 0..<times { layers += names }
    }
    return layers
  }

  /// Every block is some layer's.
  fileprivate func requireUse(
    of blocks: [String: Block], in layers: [String]
  ) throws(DataError) {
    let used = Set(layers)
    for name in blocks.keys.sorted() where !used.contains(name) {
      throw error(
        at: "blocks", "no layer is a \(quoted(name))", remedy: "remove it, or name it in \"layers\""
      )
    }
  }
}
