import Eaves

extension ConfigFamily {
  /// Kimi Linear: Kimi delta attention, latent attention without positions, and experts.
  static let kimis: [ConfigFamily] = [
    ConfigFamily(
      modelType: "kimi_linear", family: "kimi-linear",
      defaults: ConfigDefaults(
        vocabulary: 163_840, heads: 32, headSize: .derived, feedForward: 9216,
        positions: 1_048_576, positionKeys: ["model_max_length"] + ConfigKeys.positions)
    ) { (config, draft) throws(DataError) in
      config.ignore("mla_use_nope")
      guard try config.main.boolean("mla_use_nope", default: true) else {
        throw config.cannotHonour("mla_use_nope", "latent attention with rotary positions")
      }
      try draft.readLatentAttention(config, queryRank: nil)
      draft.latent?.isRotary = false
      draft.position = .none
      try draft.readDeepSeekExperts(
        config, size: 1024, count: 256, perToken: 8, shared: 1, firstDense: 1)
      try draft.readDenseLayers(config)
      // The bias that balances the experts is added to the router's scores.
      draft.experts?.routerHasBias = true
      config.ignore(
        "moe_renormalize", "moe_router_activation_func", "num_expert_group", "use_grouped_topk")
      try draft.readFurtherLayers(config)
      try draft.readKimiDelta(config)
    }
  ]
}

extension ModelDraft {
  /// The layers without experts, where the file lists them.
  fileprivate mutating func readDenseLayers(_ config: ConfigReader) throws(DataError) {
    let words = ["dense", "sparse"]
    guard let kinds = try config.layerKinds("mlp_layer_types", words, count: layerCount) else {
      return
    }
    denseLayers = Set(kinds.indices.filter { kinds[$0] == words[0] })
  }

  /// Delta attention in the layers that the file lists, else in all but every fourth after the first.
  fileprivate mutating func readKimiDelta(_ config: ConfigReader) throws(DataError) {
    let own = try config.main.optionalObject("linear_attn_config")
    config.ignore("linear_attn_config")
    func size(_ key: String, in object: String, _ standard: Int) throws(DataError) -> Int {
      if let own, own.has(object) {
        config.ignore(key)
        return try own.integer(object, in: ModelLimits.heads)
      }
      return try config.integer([key], in: ModelLimits.heads, default: standard)
    }
    let delta = AnyMixerShape(
      KimiDelta(
        heads: try size("linear_num_heads", in: "num_heads", 32),
        headSize: try size("linear_head_dim", in: "head_dim", 128),
        taps: try size("linear_conv_kernel_dim", in: "short_conv_kernel_size", 4)))
    let words = ["linear_attention", "full_attention"]
    if let kinds = try config.layerKinds("layer_types", words, count: layerCount) {
      for index in kinds.indices where kinds[index] == words[0] { mixers[index] = [delta] }
    } else if let own, own.has("kda_layers") {
      for layer in try deltaLayers(own) { mixers[layer - 1] = [delta] }
    } else {
      for index in 0..<layerCount where index == 0 || !index.isMultiple(of: 4) {
        mixers[index] = [delta]
      }
    }
    own?.ignore("kda_layers")
    own?.ignore("full_attn_layers")
    try own?.finish()
  }

  /// The numbers of the layers with delta attention, from 1; the other list must name all others.
  private func deltaLayers(_ own: ObjectReader) throws(DataError) -> [Int] {
    let delta = try own.integers("kda_layers", in: 1...layerCount)
    let full = try own.integers("full_attn_layers", in: 1...layerCount)
    guard (delta + full).sorted() == Array(1...layerCount) else {
      throw own.error(
        at: "full_attn_layers", "does not complete \"kda_layers\" to all \(layerCount) layers",
        remedy: "write each layer from 1 to \(layerCount) in one of the two lists")
    }
    return delta
  }
}
