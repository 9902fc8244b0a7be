import Eaves

extension ConfigFamily {
  /// GPT-2, OPT, GPT-NeoX (Pythia) and gpt-oss.
  static let gpts: [ConfigFamily] = [
    ConfigFamily(
      modelType: "gpt2", family: "gpt2",
      defaults: ConfigDefaults(
        vocabulary: 50_257, heads: 12, headSize: .derived, feedForward: nil, positions: 1024,
        isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      draft.makeClassic(hasBias: true)
      draft.position = .learned
      draft.positionRows = draft.maxContext
    },
    ConfigFamily(
      modelType: "opt", family: "opt",
      defaults: ConfigDefaults(
        vocabulary: 50_272, heads: 12, headSize: .derived, feedForward: 3072, positions: 2048,
        isTied: true, activation: .relu)
    ) { (config, draft) throws(DataError) in
      draft.makeClassic(hasBias: try config.boolean("enable_bias", default: true))
      draft.position = .learned
      // The first two rows belong to the padding.
      draft.positionRows = draft.maxContext + 2
      let isBefore = try config.boolean("do_layer_norm_before", default: true)
      let isRemoved = try config.boolean("_remove_final_layer_norm", default: false)
      draft.hasFinalNorm = isBefore && !isRemoved
      let width = try config.optionalInteger(["word_embed_proj_dim"], in: ModelLimits.widths)
      if let width, width != draft.hiddenSize {
        throw config.cannotHonour("word_embed_proj_dim", "a projected embedding")
      }
      guard try config.boolean("layer_norm_elementwise_affine", default: true) else {
        throw config.cannotHonour("layer_norm_elementwise_affine", "a norm without weights")
      }
    },
    ConfigFamily(
      modelType: "gpt_neox", family: "gpt-neox",
      defaults: ConfigDefaults(
        vocabulary: 50_432, heads: 64, headSize: .derived, feedForward: 24_576, positions: 2048,
        activation: .gelu)
    ) { (config, draft) throws(DataError) in
      draft.makeClassic(hasBias: true)
      let hasBias = try config.boolean("attention_bias", default: true)
      draft.attention.hasQKVBias = hasBias
      draft.attention.hasOutputBias = hasBias
      draft.isParallel = try config.boolean("use_parallel_residual", default: true)
    },
    ConfigFamily(
      modelType: "gpt_oss", family: "gpt-oss",
      defaults: ConfigDefaults(
        vocabulary: 201_088, heads: 64, kvHeads: .fixed(8), headSize: .fixed(64),
        feedForward: 2880, positions: 131_072)
    ) { (config, draft) throws(DataError) in
      let hasBias = try config.boolean("attention_bias", default: true)
      draft.attention.hasQKVBias = hasBias
      draft.attention.hasOutputBias = hasBias
      draft.attention.hasSinks = true
      try draft.readWindows(config, .allButEvery(2), default: 128)
      draft.feedForward.hasBias = true
      draft.feedForward.routerHasBias = true
      draft.experts = try config.experts(like: draft.feedForward, count: 128, perToken: 4)
    },
  ]
}

extension ModelDraft {
  /// Layer norms, two matrices in the feed-forward part and biases, as in GPT-2.
  fileprivate mutating func makeClassic(hasBias: Bool) {
    norm = .layernorm
    attention.hasQKVBias = hasBias
    attention.hasOutputBias = hasBias
    feedForward.isGated = false
    feedForward.hasBias = hasBias
  }
}
