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
      draft.experts?.hasSharedGate = true
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
    ConfigFamily(
      modelType: "qwen3_next", family: "qwen",
      defaults: ConfigDefaults(
        vocabulary: 151_936, heads: 16, kvHeads: .fixed(2), headSize: .fixed(256),
        feedForward: 5632, positions: 32_768)
    ) { (config, draft) throws(DataError) in
      try draft.readQwen3Attention(config)
      draft.attention.hasOutputGate = true
      try draft.readQwenExperts(config, size: 512, count: 512, perToken: 10)
      draft.experts?.sharedSize = try config.integer(
        ["shared_expert_intermediate_size"], in: 0...10_000_000, default: 512)
      draft.experts?.hasSharedGate = true
      try draft.readDeltaNets(config)
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

extension ModelDraft {
  /// The gated delta nets of Qwen3-Next, in all layers but every fourth.
  fileprivate mutating func readDeltaNets(_ config: ConfigReader) throws(DataError) {
    func size(_ key: String, _ standard: Int) throws(DataError) -> Int {
      try config.integer(["linear_\(key)"], in: ModelLimits.heads, default: standard)
    }
    let net = GatedDeltaNet(
      keyHeads: try size("num_key_heads", 16), heads: try size("num_value_heads", 32),
      keySize: try size("key_head_dim", 128), valueSize: try size("value_head_dim", 128),
      taps: try size("conv_kernel_dim", 4))
    guard net.heads.isMultiple(of: net.keyHeads) else {
      throw config.error(
        at: ["linear_num_key_heads"],
        "\(net.keyHeads) key heads cannot be shared equally by \(net.heads)",
        remedy: "write a divisor of \"linear_num_value_heads\"")
    }
    let words = ["linear_attention", "full_attention"]
    if let kinds = try config.layerKinds("layer_types", words, count: layerCount) {
      config.ignore("full_attention_interval")
      for index in 0..<layerCount where kinds[index] == words[0] {
        mixers[index] = [AnyMixerShape(net)]
      }
      return
    }
    let interval = try config.integer(
      ["full_attention_interval"], in: ModelLimits.layers, default: 4)
    for index in 0..<layerCount where !(index + 1).isMultiple(of: interval) {
      mixers[index] = [AnyMixerShape(net)]
    }
  }
}
