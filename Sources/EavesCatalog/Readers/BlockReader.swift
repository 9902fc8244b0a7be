public import Eaves

extension ObjectReader: FieldReader {}

extension Block {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      attention: try reader.optionalObject("attention").map { object throws(DataError) in
        try Attention(reading: object)
      },
      mixers: try Self.mixers("mixers", reading: reader),
      feedForward: try reader.optionalObject("feed_forward").map { object throws(DataError) in
        try FeedForward(reading: object)
      },
      norms: try reader.integer("norms", in: 0...16),
      isParallel: try reader.boolean("parallel", default: false),
      extraNormSizes: try reader.integers("extra_norm_sizes", in: ModelLimits.widths),
      weightSets: try reader.optionalInteger("weight_sets", in: ModelLimits.layers),
      isSkippedInPrefill: try reader.boolean("skipped_in_prefill", default: false))
    guard attention != nil || !mixers.isEmpty || feedForward != nil else {
      throw reader.error(
        "a block that does nothing",
        remedy: "add \"attention\", \"mixers\" or \"feed_forward\"")
    }
  }

  /// The mixers of a list, first one first; none where the key is left out.
  static func mixers(
    _ key: String, reading reader: ObjectReader
  ) throws(DataError) -> [AnyMixerShape] {
    guard reader.has(key) else {
      reader.ignore(key)
      return []
    }
    var mixers: [AnyMixerShape] = []
    for fields in try reader.someObjects(key) {
      let kind = try fields.string("kind")
      guard let shape = try MixerList.read(kind, from: fields) else {
        throw fields.error(
          at: "kind", "\(quoted(kind)) is no mixer",
          remedy: Suggestion.question(kind, among: MixerList.names)
            ?? "write \(MixerList.names.joined(separator: ", "))")
      }
      mixers.append(shape)
    }
    return mixers
  }
}

extension Block.Attention {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      heads: try reader.integer("heads", in: ModelLimits.heads),
      kvHeads: try reader.integer("kv_heads", in: ModelLimits.heads),
      headSize: try reader.integer("head_size", in: ModelLimits.heads),
      valueHeadSize: try reader.optionalInteger("value_head_size", in: ModelLimits.heads),
      window: try reader.optionalInteger("window", in: ModelLimits.tokens),
      hasQKVBias: try reader.boolean("qkv_bias", default: false),
      hasOutputBias: try reader.boolean("output_bias", default: false),
      qkNorm: try reader.optionalChoice("qk_norm", of: QKNorm.self) ?? .none,
      hasSinks: try reader.boolean("sinks", default: false))
    try readRarerFields(reader)
    guard heads.isMultiple(of: kvHeads) else {
      throw reader.error(
        at: "kv_heads", "\(kvHeads) heads cannot be shared equally by \(heads)",
        remedy: "write a divisor of \"heads\"")
    }
  }
}

extension Block.Attention {
  private mutating func readRarerFields(_ reader: ObjectReader) throws(DataError) {
    hasKeyBias = try reader.boolean("key_bias", default: true)
    sharesCache = try reader.boolean("shares_cache", default: false)
    hasOutputGate = try reader.boolean("output_gate", default: false)
    hasGlobalProjections = try reader.boolean("global_projections", default: false)
    hasPositionBias = try reader.boolean("position_bias", default: false)
    positionBuckets = try reader.optionalInteger("position_buckets", in: ModelLimits.heads) ?? 0
    inputSize = try reader.optionalInteger("input_size", in: ModelLimits.widths)
    pattern = try reader.optionalString("pattern")
    if let pattern, PatternList.parse(pattern) == nil {
      throw reader.error(
        at: "pattern", "\(quoted(pattern)) is no pattern",
        remedy: "write \(PatternList.forms.joined(separator: ", "))")
    }
    if pattern != nil, window != nil {
      throw reader.error(
        at: "pattern", "a layer has one pattern", remedy: "remove \"window\" or \"pattern\"")
    }
  }
}

extension Block.FeedForward {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      size: try reader.integer("size", in: ModelLimits.widths),
      isGated: try reader.boolean("gated"),
      activation: try reader.choice("activation", of: Activation.self),
      hasBias: try reader.boolean("bias", default: false))
    guard let count = try reader.optionalInteger("experts", in: ModelLimits.heads) else {
      for key in ["experts_per_token", "router_bias", "shared_size", "shared_gate"]
      where reader.node(key) != nil {
        throw reader.error(
          at: key, "a feed-forward without experts has none",
          remedy: "remove it, or add \"experts\"")
      }
      return
    }
    experts = count
    expertsPerToken = try reader.integer("experts_per_token", in: 1...count)
    routerHasBias = try reader.boolean("router_bias", default: false)
    sharedSize = try reader.optionalInteger("shared_size", in: 0...10_000_000) ?? 0
    hasSharedGate = try reader.boolean("shared_gate", default: false)
  }
}
