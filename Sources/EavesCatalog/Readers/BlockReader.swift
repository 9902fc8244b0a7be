import Eaves

/// What any model could have; beyond it a number is a slip, and products of them still fit an `Int`.
enum ModelLimits {
  static let widths = 1...10_000_000
  static let heads = 1...100_000
  static let rows = 1...1_000_000_000
  static let tokens = 1...1_000_000_000
  static let layers = 1...10_000
  static let totals = 0...1_000_000_000_000_000_000
}

extension Block {
  init(reading reader: ObjectReader) throws(DataError) {
    self.init(
      attention: try Attention(reading: reader.object("attention")),
      feedForward: try FeedForward(reading: reader.object("feed_forward")),
      norms: try reader.integer("norms", in: 0...16),
      isParallel: try reader.boolean("parallel", default: false),
      extraNormSizes: try reader.integers("extra_norm_sizes", in: ModelLimits.widths))
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
    guard heads.isMultiple(of: kvHeads) else {
      throw reader.error(
        at: "kv_heads", "\(kvHeads) heads cannot be shared equally by \(heads)",
        remedy: "write a divisor of \"heads\"")
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
      for key in ["experts_per_token", "router_bias", "shared_size"] where reader.node(key) != nil {
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
  }
}
