import Eaves

extension ConfigFamily {
  /// BERT, RoBERTa and DistilBERT: encoders without the heads of single tasks.
  static let berts: [ConfigFamily] = [
    ConfigFamily(
      modelType: "bert", family: "bert", defaults: bertDefaults(vocabulary: 30_522)
    ) { (config, draft) throws(DataError) in
      try draft.makeEncoder(config)
      try draft.readSegments(config)
      draft.positionRows = draft.maxContext
    },
    ConfigFamily(
      modelType: "roberta", family: "bert", defaults: bertDefaults(vocabulary: 50_265)
    ) { (config, draft) throws(DataError) in
      try draft.makeEncoder(config)
      try draft.readSegments(config)
      try draft.readPaddedPositions(config)
    },
    ConfigFamily(
      modelType: "distilbert", family: "bert", defaults: bertDefaults(vocabulary: 30_522)
    ) { (config, draft) throws(DataError) in
      try draft.makeEncoder(config)
      draft.positionRows = draft.maxContext
    },
  ]

  static func bertDefaults(vocabulary: Int, _ positions: Int = 512) -> ConfigDefaults {
    ConfigDefaults(
      vocabulary: vocabulary, heads: 12, headSize: .derived, feedForward: 3072,
      positions: positions,
      isTied: true, activation: .gelu)
  }
}

extension ModelDraft {
  /// Bidirectional, biases everywhere, norms after the parts and after the embeddings.
  mutating func makeEncoder(_ config: ConfigReader) throws(DataError) {
    kind = .encoder
    norm = .layernorm
    hasFinalNorm = false
    hasEmbeddingNorm = true
    position = .learned
    attention.hasQKVBias = true
    attention.hasOutputBias = true
    feedForward.isGated = false
    feedForward.hasBias = true
    if try config.boolean("is_decoder", default: false) {
      throw config.cannotHonour("is_decoder", "an encoder that works as a decoder")
    }
    if let (key, text) = try config.optionalString(["position_embedding_type"]), text != "absolute"
    {
      throw config.cannotHonour(key, "a position embedding of this type")
    }
  }

  /// Positions that are counted from the row after that of the padding.
  mutating func readPaddedPositions(_ config: ConfigReader) throws(DataError) {
    positionRows = maxContext
    let padding = try config.integer(["pad_token_id"], in: 0...1_000_000_000, default: 1)
    guard padding + 1 < positionRows else {
      throw config.error(
        at: ["pad_token_id"], "leaves none of \(positionRows) positions",
        remedy: "write the number of a row of the position table")
    }
    maxContext -= padding + 1
  }

  /// A table of segments, and the pooler that every published file has weights for.
  mutating func readSegments(_ config: ConfigReader) throws(DataError) {
    tokenTypes = try config.integer(["type_vocab_size"], in: ModelLimits.rows, default: 2)
    hasPooler = true
  }
}
