import Eaves

extension ConfigFamily {
  /// DeepSeek V2 and V3: latent attention and experts after some dense layers.
  static let deepSeeks: [ConfigFamily] = [
    ConfigFamily(
      modelType: "deepseek_v2", family: "deepseek",
      defaults: ConfigDefaults(
        vocabulary: 32_000, heads: 32, headSize: .derived, feedForward: 11_008, positions: 2048)
    ) { (config, draft) throws(DataError) in
      try draft.readLatentAttention(config)
      try draft.readDeepSeekExperts(
        config, size: 1407, count: 64, perToken: nil, shared: 2, firstDense: 0)
    },
    ConfigFamily(
      modelType: "deepseek_v3", family: "deepseek",
      defaults: ConfigDefaults(
        vocabulary: 129_280, heads: 128, headSize: .derived, feedForward: 18_432, positions: 4096)
    ) { (config, draft) throws(DataError) in
      try draft.readLatentAttention(config)
      try draft.readDeepSeekExperts(
        config, size: 2048, count: 256, perToken: 8, shared: 1, firstDense: 3)
      // The bias that balances the experts is added to the router's scores.
      draft.experts?.routerHasBias = true
      try draft.readFurtherLayers(config)
    },
  ]
}

extension ModelDraft {
  /// Layers that predict further tokens are left out, with a note.
  mutating func readFurtherLayers(_ config: ConfigReader) throws(DataError) {
    let further = try config.integer(["num_nextn_predict_layers"], in: 0...1000, default: 0)
    if further > 0 { notes.append("without \(further) layers that predict further tokens") }
  }

  /// Latent attention in every layer; `queryRank` is the class's where the key is left out.
  mutating func readLatentAttention(
    _ config: ConfigReader, queryRank standard: Int? = 1536
  ) throws(DataError) {
    // Every head has its own keys once they are made, and its widths are those of the parts.
    config.ignore("num_key_value_heads", "num_kv_heads", "head_dim")
    if try config.boolean("attention_bias", default: false) {
      throw config.cannotHonour("attention_bias", "biases in latent attention")
    }
    var queryRank = try config.optionalInteger(["q_lora_rank"], in: ModelLimits.heads)
    if queryRank == nil, let standard, !config.isNull(["q_lora_rank"]) {
      config.tookDefault("q_lora_rank", "\(standard)")
      queryRank = standard
    }
    latent = LatentAttentionShape(
      heads: attention.heads, queryRank: queryRank,
      kvRank: try config.integer(["kv_lora_rank"], in: ModelLimits.heads, default: 512),
      rotaryWidth: try config.integer(["qk_rope_head_dim"], in: ModelLimits.heads, default: 64),
      plainWidth: try config.integer(["qk_nope_head_dim"], in: ModelLimits.heads, default: 128),
      valueWidth: try config.integer(["v_head_dim"], in: ModelLimits.heads, default: 128))
  }

  /// Experts behind some dense layers, with a part of some experts' width that every token uses.
  mutating func readDeepSeekExperts(
    _ config: ConfigReader, size: Int, count: Int, perToken: Int?, shared: Int, firstDense: Int
  ) throws(DataError) {
    var expert = feedForward
    expert.size = try config.integer(
      ["moe_intermediate_size"], in: ModelLimits.widths, default: size)
    let dense = try config.integer(
      ["first_k_dense_replace"], in: 0...ModelLimits.layers.upperBound, default: firstDense)
    denseLayers = Set(0..<min(dense, layerCount))
    let step = try config.integer(["moe_layer_freq"], in: ModelLimits.layers, default: 1)
    for layer in 0..<layerCount where !layer.isMultiple(of: step) { denseLayers.insert(layer) }
    // A file without the number that a token uses has no experts but dense layers.
    guard perToken != nil || config.main.has(ConfigKeys.expertsPerToken[0]) else {
      throw config.error(
        at: ConfigKeys.expertsPerToken, "says not how many experts a token uses",
        remedy: "add it")
    }
    experts = try config.experts(like: expert, count: count, perToken: perToken ?? 1)
    let sharedCount = try config.integer(
      ["n_shared_experts", "num_shared_experts"], in: 0...1000, default: shared)
    experts?.sharedSize = sharedCount * expert.size
    config.ignore(
      "aux_loss_alpha", "seq_aux", "ep_size", "n_group", "topk_group", "topk_method",
      "routed_scaling_factor")
  }
}
