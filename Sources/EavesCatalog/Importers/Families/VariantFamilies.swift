import Eaves

extension ConfigFamily {
  /// What differs from Llama in a norm, a bias or a window: SmolLM3, Granite, EXAONE 4, OLMo 3 and OLMoE, GLM 4,
  /// Command R, StarCoder2, Phi MoE, Nemotron, Arcee, Seed-OSS, GLM 4.5 and Granite 4.
  static let variants: [ConfigFamily] = [
    ConfigFamily(
      modelType: "smollm3", family: "smollm",
      defaults: ConfigDefaults(
        vocabulary: 128_256, heads: 16, kvHeads: .fixed(4), feedForward: 11_008,
        positions: 32_768, isTied: true)
    ) { (config, draft) throws(DataError) in
      try draft.readBiases(of: config)
      // Layers without rotary positions are counted as if they had them.
      config.ignore("no_rope_layers", "no_rope_layer_interval")
      try draft.readWindows(config, .fromLayer, default: nil)
    },
    ConfigFamily(modelType: "granite", family: "granite", defaults: graniteDefaults) {
      (config, draft) throws(DataError) in
      try draft.readBiases(of: config)
      config.ignoreMultipliers()
    },
    ConfigFamily(modelType: "granitemoe", family: "granite", defaults: graniteDefaults) {
      (config, draft) throws(DataError) in
      try draft.readBiases(of: config)
      config.ignoreMultipliers()
      draft.experts = try config.experts(like: draft.feedForward, count: 8, perToken: 2)
    },
    ConfigFamily(
      modelType: "exaone4", family: "exaone",
      defaults: ConfigDefaults(
        vocabulary: 102_400, heads: 32, kvHeads: .fixed(32), feedForward: 16_384, positions: 2048)
    ) { (config, draft) throws(DataError) in
      draft.attention.qkNorm = .head
      try draft.readWindows(config, .allButEvery(4), default: 4096)
    },
    ConfigFamily(
      modelType: "olmo3", family: "olmo",
      defaults: ConfigDefaults(
        vocabulary: 50_304, heads: 32, kvHeads: .asHeads, feedForward: 11_008, positions: 2048)
    ) { (config, draft) throws(DataError) in
      try draft.readBiases(of: config)
      draft.attention.qkNorm = .full
      try draft.readWindows(config, .allButEvery(4), default: 4096)
    },
    ConfigFamily(
      modelType: "olmoe", family: "olmo",
      defaults: ConfigDefaults(
        vocabulary: 50_304, heads: 16, kvHeads: .asHeads, feedForward: 2048, positions: 4096)
    ) { (config, draft) throws(DataError) in
      try draft.readBiases(of: config)
      draft.attention.qkNorm = .full
      draft.experts = try config.experts(like: draft.feedForward, count: 64, perToken: 8)
    },
    ConfigFamily(modelType: "glm", family: "glm", defaults: glmDefaults) {
      (config, draft) throws(DataError) in
      draft.attention.hasQKVBias = try config.boolean("attention_bias", default: true)
    },
    ConfigFamily(modelType: "glm4", family: "glm", defaults: glmDefaults) {
      (config, draft) throws(DataError) in
      draft.attention.hasQKVBias = try config.boolean("attention_bias", default: true)
      draft.norms = 4
    },
    ConfigFamily(modelType: "cohere", family: "cohere", defaults: cohereDefaults) {
      (config, draft) throws(DataError) in
      try draft.readCohere(config)
    },
    ConfigFamily(modelType: "cohere2", family: "cohere", defaults: cohereDefaults) {
      (config, draft) throws(DataError) in
      try draft.readCohere(config)
      config.ignore(
        "layer_switch", "order_of_interleaved_layers", "position_embedding_type",
        "use_embedding_sharing", "use_gated_activation", "use_parallel_block",
        "use_parallel_embedding")
      try draft.readWindows(config, .allButEvery(4), default: 4096)
    },
    ConfigFamily(
      modelType: "starcoder2", family: "starcoder",
      defaults: ConfigDefaults(
        vocabulary: 49_152, heads: 24, kvHeads: .fixed(2), headSize: .derived,
        feedForward: 12_288, positions: 4096, isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      let hasBias = try config.boolean("use_bias", default: true)
      draft.norm = .layernorm
      draft.attention.hasQKVBias = hasBias
      draft.attention.hasOutputBias = hasBias
      draft.feedForward.hasBias = hasBias
      draft.feedForward.isGated = false
      config.ignore("mlp_type", "norm_epsilon", "norm_type")
      try draft.readWindows(config, .everyLayer, default: nil)
    },
    ConfigFamily(
      modelType: "phimoe", family: "phi",
      defaults: ConfigDefaults(
        vocabulary: 32_064, heads: 32, kvHeads: .fixed(8), feedForward: 6400,
        positions: 131_072)
    ) { (config, draft) throws(DataError) in
      draft.norm = .layernorm
      let hasBias = try config.boolean("attention_bias", default: false)
      draft.attention.hasQKVBias = hasBias
      draft.attention.hasOutputBias = hasBias
      draft.headHasBias = try config.boolean("lm_head_bias", default: false)
      config.ignore("input_jitter_noise")
      try draft.readWindows(config, .everyLayer, default: nil)
      draft.experts = try config.experts(like: draft.feedForward, count: 16, perToken: 2)
    },
    ConfigFamily(
      modelType: "nemotron", family: "nemotron",
      defaults: ConfigDefaults(
        vocabulary: 256_000, heads: 48, kvHeads: .asHeads, feedForward: 24_576, positions: 4096,
        activation: .reluSquared)
    ) { (config, draft) throws(DataError) in
      try draft.readBiases(of: config)
      draft.norm = .layernorm
      draft.feedForward.isGated = false
      config.ignore("norm_eps")
    },
    ConfigFamily(
      modelType: "arcee", family: "arcee",
      defaults: ConfigDefaults(
        vocabulary: 32_000, heads: 32, kvHeads: .asHeads, feedForward: 18_432, positions: 4096,
        activation: .reluSquared)
    ) { (config, draft) throws(DataError) in
      try draft.readBiases(of: config)
      draft.feedForward.isGated = false
    },
    ConfigFamily(
      modelType: "seed_oss", family: "seed-oss",
      defaults: ConfigDefaults(
        vocabulary: 155_136, heads: 80, kvHeads: .fixed(8), headSize: .fixed(128),
        feedForward: 27_648, positions: 524_288)
    ) { (config, draft) throws(DataError) in
      draft.attention.hasQKVBias = try config.boolean("attention_bias", default: true)
      draft.attention.hasOutputBias = try config.boolean("attention_out_bias", default: false)
      draft.feedForward.hasBias = try config.boolean("mlp_bias", default: false)
    },
    ConfigFamily(
      modelType: "glm4_moe", family: "glm",
      defaults: ConfigDefaults(
        vocabulary: 151_552, heads: 96, kvHeads: .fixed(8), feedForward: 10_944,
        positions: 131_072)
    ) { (config, draft) throws(DataError) in
      draft.attention.hasQKVBias = try config.boolean("attention_bias", default: false)
      draft.attention.qkNorm = try config.boolean("use_qk_norm", default: false) ? .head : .none
      try draft.readDeepSeekExperts(
        config, size: 1408, count: 128, perToken: 8, shared: 1, firstDense: 1)
      draft.experts?.routerHasBias = true
      try draft.readFurtherLayers(config)
    },
    ConfigFamily(
      modelType: "granitemoehybrid", family: "granite", defaults: graniteDefaults
    ) { (config, draft) throws(DataError) in try draft.readGraniteHybrid(config) },
  ]

  private static let graniteDefaults = ConfigDefaults(
    vocabulary: 32_000, heads: 32, kvHeads: .asHeads, feedForward: 11_008, positions: 2048)

  private static let glmDefaults = ConfigDefaults(
    vocabulary: 151_552, heads: 32, kvHeads: .fixed(2), headSize: .fixed(128),
    feedForward: 13_696, positions: 131_072)

  private static let cohereDefaults = ConfigDefaults(
    vocabulary: 256_000, heads: 64, kvHeads: .asHeads, feedForward: 22_528, positions: 8192,
    isTied: true)
}

extension ConfigReader {
  /// Counts Granite's scalar multipliers as read.
  fileprivate func ignoreMultipliers() {
    ignore(
      "attention_multiplier", "embedding_multiplier", "logits_scaling", "residual_multiplier")
  }
}

extension ModelDraft {
  /// Biases on all projections of attention, and of the feed-forward part where the class has that key.
  fileprivate mutating func readBiases(of config: ConfigReader) throws(DataError) {
    let hasBias = try config.boolean("attention_bias", default: false)
    attention.hasQKVBias = hasBias
    attention.hasOutputBias = hasBias
    if config.main.has("mlp_bias") {
      feedForward.hasBias = try config.boolean("mlp_bias", default: false)
    }
  }

  /// Mamba-2 or attention in each layer; experts beside a part that every token uses, or that part alone.
  fileprivate mutating func readGraniteHybrid(_ config: ConfigReader) throws(DataError) {
    try readBiases(of: config)
    config.ignoreStateSpaceDetails()
    config.ignoreMultipliers()
    config.ignore("attention_dropout", "normalization_function", "init_method")
    let inner = try config.innerWidth([], "mamba_expand", hidden: hiddenSize)
    let mamba = AnyMixerShape(try config.prefixedMamba2(inner: inner, heads: 128, state: 256))
    let shared = try config.integer(
      ["shared_intermediate_size"], in: ModelLimits.widths, default: 1024)
    if try config.optionalInteger(["num_local_experts"], in: 0...ModelLimits.heads.upperBound) == 0
    {
      config.ignore("num_experts_per_tok")
      feedForward.size = shared
    } else {
      experts = try config.experts(like: feedForward, count: 8, perToken: 2)
      experts?.sharedSize = shared
    }
    let words = ["mamba", "attention"]
    let key = config.main.has("layer_types") ? "layer_types" : "layers_block_type"
    let kinds = try config.layerKinds(key, words, count: layerCount)
    for index in 0..<layerCount where kinds.map({ $0[index] == words[0] }) ?? true {
      mixers[index] = [mamba]
    }
    let positions = try config.optionalString(["position_embedding_type"])
    position = positions?.text == "rope" ? .rotary : .none
  }

  /// One layer norm without bias before attention and feed-forward part side by side.
  fileprivate mutating func readCohere(_ config: ConfigReader) throws(DataError) {
    let hasBias = try config.boolean("attention_bias", default: false)
    attention.hasQKVBias = hasBias
    attention.hasOutputBias = hasBias
    norm = .layernorm
    normHasBias = false
    norms = 1
    isParallel = true
    // One norm a head, none of them shared.
    attention.qkNorm = try config.boolean("use_qk_norm", default: false) ? .full : .none
    config.ignore("logit_scale")
  }
}
