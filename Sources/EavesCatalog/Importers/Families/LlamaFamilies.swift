import Eaves

extension ConfigFamily {
  /// Llama and what has its configuration (SmolLM, TinyLlama, Yi …), Mistral and Mixtral.
  static let llamas: [ConfigFamily] = [
    ConfigFamily(
      modelType: "llama", family: "llama",
      defaults: ConfigDefaults(
        vocabulary: 32_000, heads: 32, kvHeads: .asHeads, feedForward: 11_008, positions: 2048)
    ) { (config, draft) throws(DataError) in
      let hasBias = try config.boolean("attention_bias", default: false)
      draft.attention.hasQKVBias = hasBias
      draft.attention.hasOutputBias = hasBias
      draft.feedForward.hasBias = try config.boolean("mlp_bias", default: false)
    },
    ConfigFamily(modelType: "mistral", family: "mistral", defaults: mistralDefaults) {
      (config, draft) throws(DataError) in
      try draft.readWindows(config, .everyLayer, default: 4096)
    },
    ConfigFamily(modelType: "mixtral", family: "mistral", defaults: mistralDefaults) {
      (config, draft) throws(DataError) in
      try draft.readWindows(config, .everyLayer, default: nil)
      draft.experts = try config.experts(like: draft.feedForward, count: 8, perToken: 2)
    },
  ]

  private static let mistralDefaults = ConfigDefaults(
    vocabulary: 32_000, heads: 32, kvHeads: .fixed(8), feedForward: 14_336, positions: 131_072)
}
