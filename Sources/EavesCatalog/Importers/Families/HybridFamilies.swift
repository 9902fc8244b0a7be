import Eaves

extension ConfigFamily {
  /// Attention and state-space layers in one model: Jamba, Bamba, Falcon-H1 and Zamba2.
  static let hybrids: [ConfigFamily] = [
    ConfigFamily(
      modelType: "jamba", family: "jamba",
      defaults: ConfigDefaults(
        vocabulary: 65_536, heads: 32, kvHeads: .fixed(8), headSize: .derived,
        feedForward: 14_336, positions: 262_144)
    ) { (config, draft) throws(DataError) in try draft.readJamba(config) },
    ConfigFamily(
      modelType: "bamba", family: "bamba",
      defaults: ConfigDefaults(
        vocabulary: 128_000, heads: 32, kvHeads: .fixed(8), headSize: .given,
        feedForward: 14_336, positions: 262_144)
    ) { (config, draft) throws(DataError) in try draft.readBamba(config) },
    ConfigFamily(
      modelType: "falcon_h1", family: "falcon",
      defaults: ConfigDefaults(
        vocabulary: 128_000, heads: 32, kvHeads: .fixed(8), headSize: .given,
        feedForward: 14_336, positions: 8192)
    ) { (config, draft) throws(DataError) in try draft.readFalconH1(config) },
    ConfigFamily(
      modelType: "zamba2", family: "zamba",
      defaults: ConfigDefaults(
        vocabulary: 32_000, heads: 32, kvHeads: .asHeads, headSize: .derived, feedForward: nil,
        positions: 4096, isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in try draft.readZamba2(config) },
  ]
}

extension ModelDraft {
  fileprivate mutating func readJamba(_ config: ConfigReader) throws(DataError) {
    config.ignoreStateSpaceDetails()
    position = .none
    let hasNorms =
      config.main.has("mamba_inner_layernorms")
      ? try config.boolean("mamba_inner_layernorms", default: true) : true
    let mamba = AnyMixerShape(
      try config.mamba(
        ConfigReader.MambaKeys(
          state: "mamba_d_state", convolution: "mamba_d_conv", stepRank: "mamba_dt_rank",
          convolutionBias: "mamba_conv_bias", projectionBias: "mamba_proj_bias",
          expansion: "mamba_expand", inner: []),
        hidden: hiddenSize, norms: hasNorms ? .weighted : .none))
    let attending = try config.layers(every: "attn_layer", 8, offset: 4)
    let routed = try config.layers(every: "expert_layer", 2, offset: 1)
    let sparse = try config.experts(like: feedForward, count: 16, perToken: 2)
    layers = (0..<layerCount).map { index in
      let isRouted = routed(index) && sparse.experts > 1
      return (
        (attending(index) ? "attention" : "mamba") + (isRouted ? "_experts" : ""),
        Block(
          attention: attending(index) ? attention : nil,
          mixers: attending(index) ? [] : [mamba], feedForward: isRouted ? sparse : feedForward)
      )
    }
  }

  fileprivate mutating func readBamba(_ config: ConfigReader) throws(DataError) {
    config.ignoreStateSpaceDetails()
    config.ignore("attn_layer_indices", "attn_rotary_emb", "z_loss_coefficient")
    try readBiases(config)
    let inner = try config.innerWidth([], "mamba_expand", hidden: hiddenSize)
    let mamba = AnyMixerShape(
      try config.prefixedMamba2(inner: inner, heads: 128, state: 256))
    let attending = Set(
      try config.main.integers("attn_layer_indices", in: 0...(layerCount - 1)))
    layers = (0..<layerCount).map { index in
      attending.contains(index)
        ? ("attention", Block(attention: attention, feedForward: feedForward))
        : ("mamba2", Block(attention: nil, mixers: [mamba], feedForward: feedForward))
    }
  }

  fileprivate mutating func readFalconH1(_ config: ConfigReader) throws(DataError) {
    config.ignoreStateSpaceDetails()
    config.ignore(
      "ssm_multipliers", "ssm_in_multiplier", "ssm_out_multiplier", "mlp_multipliers",
      "key_multiplier", "attention_in_multiplier", "attention_out_multiplier",
      "embedding_multiplier", "lm_head_multiplier", "mlp_expansion_factor",
      "mamba_norm_before_gate")
    if config.main.has("mamba_use_mlp"), !(try config.boolean("mamba_use_mlp", default: true)) {
      throw config.cannotHonour("mamba_use_mlp", "a layer without a feed-forward part")
    }
    try readBiases(config)
    // Left out it is 1024; `null` is the model's width times the expansion.
    var inner = try config.optionalInteger(["mamba_d_ssm"], in: ModelLimits.widths) ?? 1024
    if config.isNull(["mamba_d_ssm"]) {
      inner = try config.innerWidth([], "mamba_expand", hidden: hiddenSize)
    } else if !config.main.has("mamba_d_ssm") {
      config.tookDefault("mamba_d_ssm", "1024")
    }
    config.ignore("mamba_expand")
    var mamba = try config.prefixedMamba2(inner: inner, heads: 128, state: 256)
    mamba.hasGatedNorm = try config.boolean("mamba_rms_norm", default: false)
    guard try config.boolean("projectors_bias", default: false) == mamba.hasProjectionBias else {
      throw config.cannotHonour(
        "projectors_bias", "a bias on one of the projections into and out of the mixer")
    }
    let block = Block(
      attention: attention, mixers: [AnyMixerShape(mamba)], feedForward: feedForward)
    layers = Array(repeating: ("hybrid", block), count: layerCount)
  }

  private mutating func readBiases(_ config: ConfigReader) throws(DataError) {
    let hasBias =
      config.main.has("attention_bias")
      ? try config.boolean("attention_bias", default: false) : false
    attention.hasQKVBias = hasBias
    attention.hasOutputBias = hasBias
    feedForward.hasBias =
      config.main.has("mlp_bias") ? try config.boolean("mlp_bias", default: false) : false
  }
}

extension ConfigReader {
  /// The layers of which every `period`-th is of a kind, from an offset on.
  fileprivate func layers(
    every prefix: String, _ period: Int, offset: Int
  ) throws(DataError) -> (Int) -> Bool {
    let period = try integer(["\(prefix)_period"], in: ModelLimits.layers, default: period)
    let offset = try integer(["\(prefix)_offset"], in: 0...(period - 1), default: offset)
    return { $0 % period == offset }
  }
}
