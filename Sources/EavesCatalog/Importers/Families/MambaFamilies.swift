import Eaves

extension ConfigFamily {
  /// Mamba, Falcon Mamba and Mamba-2: state-space layers alone.
  static let stateSpaces: [ConfigFamily] = [
    ConfigFamily(modelType: "mamba", family: "mamba", defaults: mambaDefaults) {
      (config, draft) throws(DataError) in
      try draft.readMambaLayers(config, norms: .none)
    },
    ConfigFamily(modelType: "falcon_mamba", family: "falcon", defaults: mambaDefaults) {
      (config, draft) throws(DataError) in
      try draft.readMambaLayers(config, norms: .weightless)
    },
    ConfigFamily(
      modelType: "mamba2", family: "mamba",
      defaults: ConfigDefaults(vocabulary: 32_768, heads: nil, feedForward: nil, positions: nil)
    ) { (config, draft) throws(DataError) in
      try draft.readMamba2Layers(config)
    },
  ]

  private static let mambaDefaults = ConfigDefaults(
    vocabulary: 50_280, heads: nil, feedForward: nil, positions: nil, isTied: true)
}

extension ModelDraft {
  fileprivate mutating func readMambaLayers(
    _ config: ConfigReader, norms: Mamba.InnerNorms
  ) throws(DataError) {
    let shape = try config.mamba(
      ConfigReader.MambaKeys(
        state: "state_size", convolution: "conv_kernel", stepRank: "time_step_rank",
        convolutionBias: "use_conv_bias", projectionBias: "use_bias", expansion: "expand",
        inner: ["intermediate_size", "d_inner"]),
      hidden: hiddenSize, norms: norms)
    try setLayers(of: AnyMixerShape(shape), named: "mamba", config)
  }

  fileprivate mutating func readMamba2Layers(_ config: ConfigReader) throws(DataError) {
    let inner = try config.innerWidth(["intermediate_size"], "expand", hidden: hiddenSize)
    let shape = Mamba2(
      state: try config.integer(["state_size"], in: ModelLimits.heads, default: 128),
      convolution: try config.integer(["conv_kernel"], in: ModelLimits.convolutions, default: 4),
      heads: try config.integer(["num_heads"], in: ModelLimits.heads, default: 128),
      headSize: try config.integer(["head_dim"], in: ModelLimits.heads, default: 64),
      groups: try config.integer(["n_groups"], in: ModelLimits.heads, default: 8),
      chunk: try config.integer(["chunk_size"], in: ModelLimits.tokens, default: 256),
      hasConvolutionBias: try config.boolean("use_conv_bias", default: true),
      hasProjectionBias: try config.boolean("use_bias", default: false))
    // Not read by the class: the norm after the gate is always there.
    config.ignore("rms_norm", "norm_before_gate", "time_step_rank")
    try setLayers(
      of: AnyMixerShape(
        try config.checked(shape, inner: inner, heads: ["num_heads"], groups: ["n_groups"])),
      named: "mamba2", config)
  }

  private mutating func setLayers(
    of mixer: AnyMixerShape, named name: String, _ config: ConfigReader
  ) throws(DataError) {
    try config.requireSiLU()
    config.ignoreStateSpaceDetails()
    config.ignore("max_position_embeddings", "rms_norm")
    position = .none
    let block = Block(attention: nil, mixers: [mixer], feedForward: nil, norms: 1)
    layers = Array(repeating: (name, block), count: layerCount)
  }
}
