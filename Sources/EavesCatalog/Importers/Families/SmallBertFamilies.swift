import Eaves

extension ConfigFamily {
  /// ALBERT and MobileBERT: encoders made small by sharing layers, or by narrow ones.
  static let smallBerts: [ConfigFamily] = [
    ConfigFamily(
      modelType: "albert", family: "bert",
      defaults: ConfigDefaults(
        vocabulary: 30_000, heads: 64, headSize: .derived, feedForward: 16_384, positions: 512,
        isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      try draft.makeEncoder(config)
      try draft.readSegments(config)
      draft.positionRows = draft.maxContext
      draft.embeddingSize = try config.integer(
        ["embedding_size"], in: ModelLimits.widths, default: 128)
      draft.weightSets = try config.integer(
        ["num_hidden_groups"], in: ModelLimits.layers, default: 1)
      if try config.integer(["inner_group_num"], in: ModelLimits.layers, default: 1) > 1 {
        throw config.cannotHonour("inner_group_num", "a group of several layers")
      }
      config.ignore("down_scale_factor", "gap_size", "net_structure_type", "num_memory_blocks")
    },
    ConfigFamily(
      modelType: "mobilebert", family: "bert",
      defaults: ConfigDefaults(
        vocabulary: 30_522, heads: 4, headSize: .derived, feedForward: 512, positions: 512,
        isTied: true, activation: .relu)
    ) { (config, draft) throws(DataError) in
      try draft.makeEncoder(config)
      try draft.readSegments(config)
      draft.positionRows = draft.maxContext
      draft.embeddingSize = try config.integer(
        ["embedding_size"], in: ModelLimits.widths, default: 128)
      draft.embeddingSpan = 3
      draft.norm = .affine
      draft.hasPooler = try config.boolean("classifier_activation", default: true)
      for (key, usual) in [
        ("trigram_input", true), ("use_bottleneck", true), ("use_bottleneck_attention", false),
        ("key_query_shared_bottleneck", true),
      ] where try config.boolean(key, default: usual) != usual {
        throw config.cannotHonour(key, "a MobileBERT of another form")
      }
      if let (key, text) = try config.optionalString(["normalization_type"]), text != "no_norm" {
        throw config.cannotHonour(key, "a norm of this type")
      }
      draft.wholeLayer = try config.bottleneck(draft)
    },
  ]
}

extension ConfigReader {
  /// The layer of a MobileBERT, whose heads share the width of the bottleneck.
  fileprivate func bottleneck(_ draft: ModelDraft) throws(DataError) -> AnyMixerShape {
    let key = "intra_bottleneck_size"
    let size = try integer([key], in: ModelLimits.widths, default: 128)
    let heads = draft.attention.heads
    guard size.isMultiple(of: heads) else {
      throw error(
        at: [key], "\(heads) heads cannot share a width of \(size) equally",
        remedy: "write a multiple of \(heads)")
    }
    return AnyMixerShape(
      BottleneckLayer(
        size: size, heads: heads, headSize: size / heads, feedForward: draft.feedForward,
        feedForwards: try integer(["num_feedforward_networks"], in: 1...1000, default: 4)))
  }
}
