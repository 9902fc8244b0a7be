import Eaves

extension ConfigFamily {
  /// OLMo 1 and 2, and StableLM.
  static let olmos: [ConfigFamily] = [
    ConfigFamily(modelType: "olmo", family: "olmo", defaults: olmoDefaults) {
      (config, draft) throws(DataError) in
      try draft.readOlmoBiases(config)
      draft.norm = .layernorm
      draft.normHasBias = false
      let extra = (2 * draft.layerCount + 1) * draft.hiddenSize
      draft.notes.append("the norms have no weights, but are counted with them (\(extra))")
    },
    ConfigFamily(modelType: "olmo2", family: "olmo", defaults: olmoDefaults) {
      (config, draft) throws(DataError) in
      try draft.readOlmoBiases(config)
      draft.attention.qkNorm = .full
    },
    ConfigFamily(
      modelType: "stablelm", family: "stablelm",
      defaults: ConfigDefaults(
        vocabulary: 50_304, heads: 32, kvHeads: .fixed(32), headSize: .derived,
        feedForward: 6912, positions: 4096)
    ) { (config, draft) throws(DataError) in
      draft.norm = .layernorm
      draft.attention.hasQKVBias = try config.boolean("use_qkv_bias", default: false)
      // One norm a head, none of them shared: as many weights as one norm over all heads.
      draft.attention.qkNorm = try config.boolean("qk_layernorm", default: false) ? .full : .none
      draft.isParallel = try config.boolean("use_parallel_residual", default: false)
      draft.norms = draft.isParallel ? 1 : 2
    },
  ]

  private static let olmoDefaults = ConfigDefaults(
    vocabulary: 50_304, heads: 32, kvHeads: .asHeads, feedForward: 11_008, positions: 2048)
}

extension ModelDraft {
  fileprivate mutating func readOlmoBiases(_ config: ConfigReader) throws(DataError) {
    let hasBias = try config.boolean("attention_bias", default: false)
    attention.hasQKVBias = hasBias
    attention.hasOutputBias = hasBias
  }
}
