import Eaves

extension ConfigFamily {
  /// Phi 1, 1.5 and 2; Phi 3 and 4.
  static let phis: [ConfigFamily] = [
    ConfigFamily(
      modelType: "phi", family: "phi",
      defaults: ConfigDefaults(
        vocabulary: 51_200, heads: 32, kvHeads: .asHeads, feedForward: 8192, positions: 2048,
        activation: .gelu)
    ) { (config, draft) throws(DataError) in
      draft.norm = .layernorm
      draft.norms = 1
      draft.isParallel = true
      draft.headHasBias = true
      draft.attention.hasQKVBias = true
      draft.attention.hasOutputBias = true
      draft.feedForward.isGated = false
      draft.feedForward.hasBias = true
      if try config.boolean("qk_layernorm", default: false) {
        throw config.cannotHonour("qk_layernorm", "norms with biases on queries and keys")
      }
    },
    ConfigFamily(
      modelType: "phi3", family: "phi",
      defaults: ConfigDefaults(
        vocabulary: 32_064, heads: 32, kvHeads: .asHeads, feedForward: 8192, positions: 4096)
    ) { (config, draft) throws(DataError) in
      // The class has neither key; published files have them and they are false.
      config.ignore("attention_bias", "mlp_bias", "lm_head_bias")
      try draft.readWindows(config, .everyLayer, default: nil)
    },
  ]
}
