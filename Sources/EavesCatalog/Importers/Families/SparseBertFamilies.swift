import Eaves

extension ConfigFamily {
  /// Longformer and BigBird: encoders whose tokens read some of the others.
  static let sparseBerts: [ConfigFamily] = [
    ConfigFamily(
      modelType: "longformer", family: "bert", defaults: bertDefaults(vocabulary: 30_522)
    ) { (config, draft) throws(DataError) in
      try draft.makeEncoder(config)
      try draft.readSegments(config)
      try draft.readPaddedPositions(config)
      config.ignore("attention_mode", "ignore_attention_mask", "onnx_export")
      let window = try config.attentionWindow(layers: draft.layerCount)
      draft.attention.pattern = "longformer:\(window):global=1"
      draft.attention.hasGlobalProjections = true
      draft.notes.append("one global token is counted: how many there are, a task chooses")
    },
    ConfigFamily(
      modelType: "big_bird", family: "bert", defaults: bertDefaults(vocabulary: 50_358, 4096)
    ) { (config, draft) throws(DataError) in
      try draft.makeEncoder(config)
      try draft.readSegments(config)
      draft.positionRows = draft.maxContext
      draft.attention.hasQKVBias = try config.boolean("use_bias", default: true)
      config.ignore("rescale_embeddings")
      let type = try config.optionalString(["attention_type"])
      let block = try config.integer(["block_size"], in: 1...65_536, default: 64)
      let random = try config.integer(["num_random_blocks"], in: 1...65_536, default: 3)
      switch type?.text {
      case "original_full": break
      case nil, "block_sparse":
        draft.attention.pattern = "bigbird:\(block):window=3:random=\(random):global=2"
      default:
        throw config.cannotHonour("attention_type", "attention of this type")
      }
    },
  ]
}

extension ConfigReader {
  /// The window of all layers: one number, or one a layer, which may not differ.
  fileprivate func attentionWindow(layers: Int) throws(DataError) -> Int {
    let key = "attention_window"
    let reader = holder(of: key)
    var windows: [Int] = []
    switch reader.node(key)?.value {
    case nil:
      tookDefault(key, "512")
      return 512
    case .array: windows = try reader.integers(key, in: ModelLimits.tokens)
    default: windows = [try reader.integer(key, in: ModelLimits.tokens)]
    }
    guard windows.count == 1 || windows.count == layers else {
      throw reader.error(
        at: key, "\(windows.count) windows for \(layers) layers", remedy: "write one a layer")
    }
    guard let first = windows.first, windows.allSatisfy({ $0 == first }) else {
      throw cannotHonour(key, in: reader, "windows that differ between layers")
    }
    guard first.isMultiple(of: 2) else {
      throw reader.error(at: key, "\(first) is odd", remedy: "write an even number of tokens")
    }
    return first
  }
}
