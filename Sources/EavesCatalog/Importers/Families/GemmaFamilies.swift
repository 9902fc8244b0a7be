import Eaves

extension ConfigFamily {
  /// Gemma 1, 2 and 3; of Gemma 3 with pictures, the text part.
  static let gemmas: [ConfigFamily] = [
    ConfigFamily(
      modelType: "gemma", family: "gemma",
      defaults: ConfigDefaults(
        vocabulary: 256_000, heads: 16, kvHeads: .fixed(16), headSize: .fixed(256),
        feedForward: 24_576, positions: 8192, isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      try draft.readGemmaAttention(config)
    },
    ConfigFamily(
      modelType: "gemma2", family: "gemma",
      defaults: ConfigDefaults(
        vocabulary: 256_000, heads: 8, kvHeads: .fixed(4), headSize: .fixed(256),
        feedForward: 9216, positions: 8192, isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      try draft.readGemmaAttention(config)
      try draft.readWindows(config, .allButEvery(2), default: 4096)
      draft.norms = 4
    },
    ConfigFamily(
      modelType: "gemma3", family: "gemma", defaults: gemma3Defaults, complete: completeGemma3),
    ConfigFamily(
      modelType: "gemma3_text", family: "gemma", defaults: gemma3Defaults,
      complete: completeGemma3),
    ConfigFamily(
      modelType: "gemma3n", family: "gemma", defaults: gemma3nDefaults, complete: completeGemma3n),
    ConfigFamily(
      modelType: "gemma3n_text", family: "gemma", defaults: gemma3nDefaults,
      complete: completeGemma3n),
  ]

  private static let gemma3nDefaults = ConfigDefaults(
    vocabulary: 262_400, heads: 8, kvHeads: .fixed(2), headSize: .fixed(256),
    feedForward: 16_384, positions: 32_768, isTied: true, activation: .gelu)

  @Sendable
  private static func completeGemma3n(
    _ config: ConfigReader, _ draft: inout ModelDraft
  ) throws(DataError) {
    try draft.readGemmaAttention(config)
    draft.attention.qkNorm = .head
    try draft.readWindows(config, .allButEvery(5), default: 512)
    draft.norms = 4
    try draft.readGemma3nParts(config)
    config.ignore(
      "activation_sparsity_pattern", "altup_active_idx", "altup_coef_clip", "altup_correct_scale",
      "altup_lr_multiplier")
    draft.notes.append("sparse activations of the feed-forward parts are not counted")
    if let outer = config.outer, outer.has("vision_config") || outer.has("audio_config") {
      config.ignore("vision_config", "audio_config")
      draft.notes.append("text part only, without the towers for pictures and sound")
    }
  }

  private static let gemma3Defaults = ConfigDefaults(
    vocabulary: 262_208, heads: 8, kvHeads: .fixed(4), headSize: .fixed(256), feedForward: 9216,
    positions: 131_072, isTied: true, activation: .gelu)

  @Sendable
  private static func completeGemma3(
    _ config: ConfigReader, _ draft: inout ModelDraft
  ) throws(DataError) {
    try draft.readGemmaAttention(config)
    draft.attention.qkNorm = .head
    try draft.readWindows(config, .allButEvery(6), default: 4096)
    draft.norms = 4
    if let outer = config.outer, outer.has("vision_config") {
      config.ignore("vision_config")
      draft.notes.append("text part only, without the vision tower")
    }
  }
}

extension ModelDraft {
  /// Shared caches, residual streams, low-rank residuals and inputs of each layer's own.
  fileprivate mutating func readGemma3nParts(_ config: ConfigReader) throws(DataError) {
    sharedLayers = try config.integer(["num_kv_shared_layers"], in: 0...10_000, default: 15)
    let owners = windows.prefix(max(0, layerCount - sharedLayers))
    let kinds = Set(windows.suffix(min(sharedLayers, layerCount)).map { $0 == nil })
    guard kinds.isSubset(of: Set(owners.map { $0 == nil })) else {
      throw config.error(
        at: ["num_kv_shared_layers"],
        "\(sharedLayers) of \(layerCount) layers share a cache that no layer before them keeps",
        remedy: "write a smaller number")
    }
    residualStreams = try config.integer(["altup_num_inputs"], in: 2...64, default: 4)
    let size = try config.integer(
      ["hidden_size_per_layer_input"], in: ModelLimits.widths, default: 256)
    perLayerEmbedding = PerLayerEmbedding(
      rows: try config.integer(
        ["vocab_size_per_layer_input"], in: ModelLimits.rows, default: 262_144), size: size)
    everyMixer = [
      AnyMixerShape(AltUpShape(streams: residualStreams)),
      AnyMixerShape(
        LaurelShape(
          rank: try config.integer(["laurel_rank"], in: ModelLimits.widths, default: 64))),
      AnyMixerShape(PerLayerInputShape(size: size)),
    ]
  }

  fileprivate mutating func readGemmaAttention(_ config: ConfigReader) throws(DataError) {
    let hasBias = try config.boolean("attention_bias", default: false)
    attention.hasQKVBias = hasBias
    attention.hasOutputBias = hasBias
  }
}
