import Eaves

extension ConfigFamily {
  /// RWKV-4, RecurrentGemma, xLSTM and LFM2.
  static let recurrents: [ConfigFamily] = [
    ConfigFamily(
      modelType: "rwkv", family: "rwkv",
      defaults: ConfigDefaults(
        vocabulary: 50_277, heads: 1, feedForward: nil, positions: nil, hasAttention: false)
    ) { (config, draft) throws(DataError) in
      // The length it was trained on: a recurrence has no limit.
      config.ignore("context_length", "rescale_every")
      if let width = try config.optionalInteger(
        ["attention_hidden_size"], in: ModelLimits.widths), width != draft.hiddenSize
      {
        throw config.cannotHonour("attention_hidden_size", "a time mixing of another width")
      }
      let size = try config.integer(
        ["intermediate_size"], in: ModelLimits.widths, default: 4 * draft.hiddenSize)
      draft.norm = .layernorm
      draft.hasEmbeddingNorm = true
      draft.position = .none
      draft.fill(with: [
        AnyMixerShape(RWKV4()), AnyMixerShape(RWKVChannelMix(size: size, hasWideState: true)),
      ])
      draft.hasFeedForward = false
    },
    ConfigFamily(
      modelType: "recurrent_gemma", family: "griffin",
      defaults: ConfigDefaults(
        vocabulary: 256_000, heads: 10, kvHeads: .asHeads, feedForward: 7680, positions: nil,
        isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      try draft.readGriffin(config)
    },
    ConfigFamily(
      modelType: "xlstm", family: "xlstm",
      defaults: ConfigDefaults(
        vocabulary: 50_304, heads: 8, feedForward: nil, positions: nil, hasAttention: false)
    ) { (config, draft) throws(DataError) in
      try draft.readXLSTM(config)
    },
    ConfigFamily(
      modelType: "lfm2", family: "lfm2",
      defaults: ConfigDefaults(
        vocabulary: 65_536, heads: 32, kvHeads: .fixed(8), feedForward: 12_288,
        positions: 128_000, isTied: true)
    ) { (config, draft) throws(DataError) in
      try draft.readLFM2(config)
    },
    ConfigFamily(
      modelType: "lfm2_moe", family: "lfm2",
      defaults: ConfigDefaults(
        vocabulary: 65_536, heads: 32, kvHeads: .fixed(8), feedForward: 7168,
        positions: 128_000, isTied: true)
    ) { (config, draft) throws(DataError) in
      try draft.readShortFilters(config)
      var expert = draft.feedForward
      expert.size = try config.integer(
        ["moe_intermediate_size"], in: ModelLimits.widths, default: 1792)
      draft.experts = try config.experts(like: expert, count: 32, perToken: 4)
      draft.experts?.routerHasBias = try config.boolean("use_expert_bias", default: true)
      let dense = try config.integer(["num_dense_layers"], in: 0...10_000, default: 2)
      draft.denseLayers = Set(0..<min(dense, draft.layerCount))
      config.ignore("routed_scaling_factor", "tie_embedding")
    },
  ]
}

extension ModelDraft {
  /// The same mixers in every layer.
  fileprivate mutating func fill(with shapes: [AnyMixerShape]) {
    for index in 0..<layerCount { mixers[index] = shapes }
  }

  /// Recurrent blocks and local attention in turn; all products but queries, keys and values have biases, and
  /// the feed-forward width is halved.
  fileprivate mutating func readGriffin(_ config: ConfigReader) throws(DataError) {
    config.ignore(
      "attention_window_size", "block_types", "embeddings_scale_by_sqrt_dim",
      "final_w_init_variance_scale", "logits_soft_cap", "w_init_variance_scale")
    attention.hasQKVBias = try config.boolean("attention_bias", default: false)
    attention.hasOutputBias = true
    feedForward.hasBias = true
    guard feedForward.size > 1 else {
      throw config.error(
        at: ConfigKeys.feedForward, "half of \(feedForward.size) is no width",
        remedy: "write twice the width of the feed-forward part")
    }
    feedForward.size /= 2
    let size = try config.optionalInteger(["lru_width"], in: ModelLimits.widths) ?? hiddenSize
    guard size.isMultiple(of: attention.heads) else {
      throw config.error(
        at: ["lru_width"], "\(attention.heads) blocks cannot share a width of \(size) equally",
        remedy: "write a multiple of \(quoted(config.spelling(of: ConfigKeys.heads)))")
    }
    let block = RGLRU(
      size: size, heads: attention.heads,
      taps: try config.integer(["conv1d_width"], in: 1...10_000, default: 4))
    let window = try config.integer(
      ["attention_window_size"], in: ModelLimits.tokens, default: 2048)
    let words = ["recurrent", "attention"]
    let kinds =
      try config.layerKinds("block_types", words, count: nil) ?? [
        words[0], words[0], words[1],
      ]
    for index in 0..<layerCount {
      if kinds[index % kinds.count] == words[0] {
        mixers[index] = [AnyMixerShape(block)]
      } else {
        windows[index] = window
      }
    }
  }

  /// Matrix LSTMs; the feed-forward width is a multiple of 64 or so.
  fileprivate mutating func readXLSTM(_ config: ConfigReader) throws(DataError) {
    config.ignore(
      "add_embedding_dropout", "autocast_kernel_dtype", "chunkwise_kernel", "eps", "gate_soft_cap",
      "inference_state_dtype", "max_inference_chunksize", "mlstm_round_up_to_multiple_of", "mode",
      "norm_eps", "norm_reduction_force_float32", "output_logit_soft_cap", "return_last_states",
      "sequence_kernel", "step_kernel", "weight_mode")
    let heads = try config.integer(["num_heads"], in: ModelLimits.heads, default: 8)
    let hasBias = try config.boolean("use_bias", default: false)
    func width(_ key: String, _ standard: Double) throws(DataError) -> Int {
      let factor = try config.number(key, in: 0.001...1000, default: standard)
      let width = Int(Double(hiddenSize) * factor)
      guard width > 0, width.isMultiple(of: heads) else {
        throw config.error(
          at: [key], "\(heads) heads cannot share a width of \(width) equally",
          remedy: "write a factor that makes a multiple of \"num_heads\"")
      }
      return width / heads
    }
    let cell = MLSTM(
      heads: heads, keySize: try width("qk_dim_factor", 0.5),
      valueSize: try width("v_dim_factor", 1), hasBias: hasBias,
      chunk: try config.integer(["chunk_size"], in: 1...65_536, default: 64))
    let factor = try config.number("ffn_proj_factor", in: 0.001...1000, default: 2.667)
    let step = try config.integer(
      ["ffn_round_up_to_multiple_of"], in: ModelLimits.widths, default: 64)
    let blocks = (Double(hiddenSize) * factor + Double(step - 1)) / Double(step)
    feedForward = Block.FeedForward(
      size: max(1, Int(blocks)) * step, isGated: true, activation: .silu, hasBias: hasBias)
    normHasBias = hasBias
    hasFinalNorm = try config.boolean("add_out_norm", default: true)
    position = .none
    fill(with: [AnyMixerShape(cell)])
  }

  /// Short convolutions, and attention in the layers that are listed.
  fileprivate mutating func readLFM2(_ config: ConfigReader) throws(DataError) {
    config.ignore(
      "block_dim", "block_mlp_init_scale", "block_norm_eps", "block_out_init_scale",
      "block_use_swiglu", "block_use_xavier_init", "conv_dim", "conv_dim_out",
      "conv_use_xavier_init", "full_attn_idxs", "norm_eps", "num_heads", "theta", "use_pos_enc")
    if try config.boolean("block_auto_adjust_ff_dim", default: true) {
      let factor = try config.number("block_ffn_dim_multiplier", in: 0.001...1000, default: 1)
      let step = try config.integer(["block_multiple_of"], in: ModelLimits.widths, default: 256)
      let size = Int(factor * Double(2 * feedForward.size / 3))
      feedForward.size = max(1, (size + step - 1) / step) * step
    } else {
      config.ignore("block_ffn_dim_multiplier", "block_multiple_of")
    }
    try readShortFilters(config)
  }

  /// Which layers have a filter in place of attention.
  fileprivate mutating func readShortFilters(_ config: ConfigReader) throws(DataError) {
    config.ignore("norm_eps")
    attention.qkNorm = .head
    let filter = ShortConvolution(
      taps: try config.integer(["conv_L_cache"], in: 1...10_000, default: 3),
      hasBias: try config.boolean("conv_bias", default: false))
    let words = ["conv", "full_attention"]
    let kinds = try config.layerKinds("layer_types", words, count: layerCount)
    let listed =
      config.main.has("full_attn_idxs")
      ? Set(try config.main.integers("full_attn_idxs", in: 0...(layerCount - 1))) : nil
    for index in 0..<layerCount {
      let isAttention = kinds.map { $0[index] == words[1] } ?? listed?.contains(index) ?? true
      if !isAttention { mixers[index] = [AnyMixerShape(filter)] }
    }
  }
}
