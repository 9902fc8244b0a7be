import Eaves

extension ConfigFamily {
  /// ViT, DeiT with its second token, and MobileViT, as classifiers of images.
  static let visions: [ConfigFamily] = [
    ConfigFamily(modelType: "vit", family: "vit") { (config, id) throws(DataError) in
      try config.visionTransformer(id, classTokens: 1)
    },
    // The published DeiT without distillation are of type "vit".
    ConfigFamily(modelType: "deit", family: "vit") { (config, id) throws(DataError) in
      try config.visionTransformer(id, classTokens: 2)
    },
    ConfigFamily(modelType: "mobilevit", family: "mobilevit") { (config, id) throws(DataError) in
      try config.mobileViT(id)
    },
  ]

}

extension ConfigReader {
  /// A transformer over patches and class tokens, with a norm and a classifier after it.
  fileprivate func visionTransformer(
    _ id: String, classTokens: Int
  ) throws(DataError) -> ImportedModel {
    let hidden = try integer(ConfigKeys.hidden, in: ModelLimits.widths, default: 768)
    let layers = try integer(ConfigKeys.layers, in: ModelLimits.layers, default: 12)
    let heads = try integer(ConfigKeys.heads, in: ModelLimits.heads, default: 12)
    guard hidden.isMultiple(of: heads) else {
      throw error(
        at: ConfigKeys.heads, "\(heads) heads cannot share a width of \(hidden) equally",
        remedy: "write a divisor of \(quoted(spelling(of: ConfigKeys.hidden)))")
    }
    let hasBias = try boolean("qkv_bias", default: true)
    let block = Block(
      attention: Block.Attention(
        heads: heads, kvHeads: heads, headSize: hidden / heads, hasQKVBias: hasBias,
        hasOutputBias: true),
      feedForward: Block.FeedForward(
        size: try integer(ConfigKeys.feedForward, in: ModelLimits.widths, default: 3072),
        isGated: false, activation: try activation(default: .gelu), hasBias: true))
    let side = try integer(["image_size"], in: FeatureMap.sides, default: 224)
    let patch = try integer(["patch_size"], in: 1...1000, default: 16)
    guard side.isMultiple(of: patch) else {
      throw error(
        at: ["patch_size"], "patches of \(patch) pixels do not fill a side of \(side)",
        remedy: "write a divisor of \"image_size\"")
    }
    ignore("encoder_stride", "pooler_act", "pooler_output_size", "use_mask_token")
    var model = try image(
      id, family: "vit", hidden: hidden, blocks: ["layer": block],
      layers: Array(repeating: "layer", count: layers))
    model.position = .learned
    model.positionRows = (side / patch) * (side / patch) + classTokens
    let input = FeatureMap(channels: 3, side: side)
    return try finished(
      model, side: side, pooling: .first,
      stem: PatchEmbedding(input: input, patch: patch, classTokens: classTokens))
  }

  /// Three sorts of stages: inverted residuals, then three times one of them before a MobileViT block.
  fileprivate func mobileViT(_ id: String) throws(DataError) -> ImportedModel {
    let side = try integer(["image_size"], in: FeatureMap.sides, default: 256)
    let sizes = MobileViTSizes(
      side: side,
      necks: try integers("neck_hidden_sizes", count: 7, [16, 32, 64, 96, 128, 160, 640]),
      widths: try integers("hidden_sizes", count: 3, [144, 192, 240]),
      expansion: try ratio("expand_ratio", default: 4),
      feedForward: try ratio("mlp_ratio", default: 2),
      kernel: try integer(["conv_kernel_size"], in: 1...1000, default: 3),
      patch: try integer(["patch_size"], in: 1...1000, default: 2),
      heads: try integer(ConfigKeys.heads, in: ModelLimits.heads, default: 4),
      activation: try activation(default: .silu))
    if try integer(["output_stride"], in: 1...32, default: 32) != 32 {
      throw cannotHonour("output_stride", "a dilated MobileViT")
    }
    guard try boolean("qkv_bias", default: true) else {
      throw cannotHonour("qkv_bias", "a MobileViT without biases")
    }
    guard sizes.fit else {
      throw error(
        at: ["image_size"], "a side of \(side) cannot be halved into whole patches",
        remedy: "write a multiple of \(32 * sizes.patch), and widths that the heads divide")
    }
    let stages = sizes.stages
    let model = try image(
      id, family: "mobilevit", hidden: sizes.necks[6],
      blocks: Dictionary(stages.map { ($0.name, $0.block) }) { first, _ in first },
      layers: stages.map(\.name))
    return try finished(model, side: side, pooling: .mean, stem: sizes.stem)
  }

  /// What vision models have in common: an encoder with layer norms.
  private func image(
    _ id: String, family: String, hidden: Int, blocks: [String: Block], layers: [String]
  ) throws(DataError) -> Model {
    if try integer(["num_channels"], in: 1...1000, default: 3) != 3 {
      throw cannotHonour("num_channels", "images of other than three channels")
    }
    return Model(
      id: id, name: id, family: family, kind: .encoder, hiddenSize: hidden, vocabulary: 0,
      hasTiedEmbeddings: false, maxContext: 1, publishedFormat: try elementFormat(default: .f32),
      norm: .layernorm, position: .none, blocks: blocks, layers: layers)
  }

  /// Adds stem and classifier, and looks at what is left.
  private func finished(
    _ model: Model, side: Int, pooling: Classifier.Pooling, stem: any MixerShape
  ) throws(DataError) -> ImportedModel {
    var model = model
    model.hasFinalNorm = pooling == .first
    do {
      try model.readImages(side: side, stem: [AnyMixerShape(stem)])
    } catch {
      throw self.error(at: ["image_size"], error.problem, remedy: error.remedy)
    }
    model.classifier = Classifier(classes: try classes(), pooling: pooling)
    return ImportedModel(model: model, unknownKeys: try unknownKeys())
  }

  /// As many classes as there are labels.
  private func classes() throws(DataError) -> Int {
    if let labels = try holder(of: "id2label").optionalObject("id2label") {
      ignore("num_labels")
      return max(1, labels.keys.count)
    }
    return try integer(["num_labels"], in: ModelLimits.heads, default: 2)
  }

  private func integers(
    _ key: String, count: Int, _ standard: [Int]
  ) throws(DataError) -> [Int] {
    let reader = holder(of: key)
    guard reader.has(key) else {
      tookDefault(key, "\(standard)")
      return standard
    }
    let found = try reader.integers(key, in: 1...100_000)
    guard found.count == count else {
      throw reader.error(
        at: key, "\(found.count) sizes where \(count) are wanted", remedy: "write \(count)")
    }
    return found
  }

  private func ratio(_ key: String, default standard: Double) throws(DataError) -> Double {
    let reader = holder(of: key)
    if let found = try reader.optionalDouble(key, in: 0.01...100) { return found }
    tookDefault(key, "\(standard)")
    return standard
  }
}
