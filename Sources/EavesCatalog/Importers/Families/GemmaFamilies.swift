import Eaves

extension ConfigFamily {
  /// Gemma 1, 2 and 3; of Gemma 3 with pictures, the text part.
  static let gemmas: [ConfigFamily] = [
    ConfigFamily(
      modelType: "gemma", family: "gemma",
      defaults: ConfigDefaults(
        vocabulary: 256_000, heads: 16, kvHeads: .fixed(16), headSize: .fixed(256),
        feedForward: 24_576, positions: 8192, isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      try draft.readGemmaAttention(config)
    },
    ConfigFamily(
      modelType: "gemma2", family: "gemma",
      defaults: ConfigDefaults(
        vocabulary: 256_000, heads: 8, kvHeads: .fixed(4), headSize: .fixed(256),
        feedForward: 9216, positions: 8192, isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      try draft.readGemmaAttention(config)
      try draft.readWindows(config, .allButEvery(2), default: 4096)
      draft.norms = 4
    },
    ConfigFamily(
      modelType: "gemma3", family: "gemma", defaults: gemma3Defaults, complete: completeGemma3),
    ConfigFamily(
      modelType: "gemma3_text", family: "gemma", defaults: gemma3Defaults,
      complete: completeGemma3),
  ]

  private static let gemma3Defaults = ConfigDefaults(
    vocabulary: 262_208, heads: 8, kvHeads: .fixed(4), headSize: .fixed(256), feedForward: 9216,
    positions: 131_072, isTied: true, activation: .gelu)

  @Sendable
  private static func completeGemma3(
    _ config: ConfigReader, _ draft: inout ModelDraft
  ) throws(DataError) {
    try draft.readGemmaAttention(config)
    draft.attention.qkNorm = .head
    try draft.readWindows(config, .allButEvery(6), default: 4096)
    draft.norms = 4
    if let outer = config.outer, outer.has("vision_config") {
      config.ignore("vision_config")
      draft.notes.append("text part only, without the vision tower")
    }
  }
}

extension ModelDraft {
  fileprivate mutating func readGemmaAttention(_ config: ConfigReader) throws(DataError) {
    let hasBias = try config.boolean("attention_bias", default: false)
    attention.hasQKVBias = hasBias
    attention.hasOutputBias = hasBias
  }
}
