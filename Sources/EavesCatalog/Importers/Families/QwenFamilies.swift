import Eaves

extension ConfigFamily {
  /// Qwen 1.5, 2, 2.5 and 3, dense and with experts.
  static let qwens: [ConfigFamily] = [
    ConfigFamily(
      modelType: "qwen2", family: "qwen",
      defaults: ConfigDefaults(
        vocabulary: 151_936, heads: 32, kvHeads: .fixed(32), feedForward: 22_016,
        positions: 32_768)
    ) { (config, draft) throws(DataError) in
      draft.attention.hasQKVBias = true
      try draft.readWindows(config, .fromLayer, default: 4096)
    },
    ConfigFamily(
      modelType: "qwen3", family: "qwen",
      defaults: ConfigDefaults(
        vocabulary: 151_936, heads: 32, kvHeads: .fixed(32), headSize: .fixed(128),
        feedForward: 22_016, positions: 32_768)
    ) { (config, draft) throws(DataError) in
      try draft.readQwen3Attention(config)
      try draft.readWindows(config, .fromLayer, default: 4096)
    },
    ConfigFamily(
      modelType: "qwen2_moe", family: "qwen",
      defaults: ConfigDefaults(
        vocabulary: 151_936, heads: 16, kvHeads: .fixed(16), feedForward: 5632,
        positions: 32_768)
    ) { (config, draft) throws(DataError) in
      draft.attention.hasQKVBias = try config.boolean("qkv_bias", default: true)
      // Versions of transformers disagree on which layers have the window.
      if try config.boolean("use_sliding_window", default: false), !config.main.has("layer_types") {
        throw config.cannotHonour("use_sliding_window", "a window without \"layer_types\"")
      }
      try draft.readWindows(config, .fromLayer, default: 4096)
      try draft.readQwenExperts(config, size: 1408, count: 60, perToken: 4)
      draft.experts?.sharedSize = try config.integer(
        ["shared_expert_intermediate_size"], in: 0...10_000_000, default: 5632)
      draft.notes.append(
        "the gate of the shared expert (\(draft.hiddenSize) parameters a layer) is not counted")
    },
    ConfigFamily(
      modelType: "qwen3_moe", family: "qwen",
      defaults: ConfigDefaults(
        vocabulary: 151_936, heads: 32, kvHeads: .fixed(4), feedForward: 6144,
        positions: 32_768)
    ) { (config, draft) throws(DataError) in
      try draft.readQwen3Attention(config)
      config.ignore("max_window_layers")
      if try config.boolean("use_sliding_window", default: false) {
        try draft.readWindows(config, .everyLayer, default: 4096)
      } else {
        config.ignore("sliding_window")
        try draft.readLayerTypes(config, window: nil)
      }
      try draft.readQwenExperts(config, size: 768, count: 128, perToken: 8)
    },
  ]
}

extension ModelDraft {
  /// Biases on all four projections or none; queries and keys are normalised head by head.
  fileprivate mutating func readQwen3Attention(_ config: ConfigReader) throws(DataError) {
    let hasBias = try config.boolean("attention_bias", default: false)
    attention.hasQKVBias = hasBias
    attention.hasOutputBias = hasBias
    attention.qkNorm = .head
  }

  fileprivate mutating func readQwenExperts(
    _ config: ConfigReader, size: Int, count: Int, perToken: Int
  ) throws(DataError) {
    var expert = feedForward
    expert.size = try config.integer(
      ["moe_intermediate_size"], in: ModelLimits.widths, default: size)
    experts = try config.experts(like: expert, count: count, perToken: perToken)
    denseLayers = try config.denseLayers(of: layerCount)
  }
}
