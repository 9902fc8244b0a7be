import Eaves
import Quantities

extension FigureQuantity {
  /// Options of a configuration that needs no chip.
  static let configuration =
    Eaves.Option.allCases.filter { ![.model, .chip, .powerMode].contains($0) }.map(\.rawValue)

  private static func model(
    _ name: String, _ summary: String,
    _ value: @escaping @Sendable (CompiledModel) throws -> Double
  ) -> FigureQuantity {
    FigureQuantity(name, summary, required: ["model"], optional: configuration) {
      try value($0.compiled())
    }
  }

  /// Counts and bytes of models: as `eaves models show` and `eaves kv` print them.
  static let models: [FigureQuantity] = [
    model("parameters", "all parameters") { $0.inventory.parameters },
    model("active_parameters", "parameters that one token uses, with both embeddings") {
      $0.inventory.active
    },
    model(
      "active_parameters_without_input_embedding",
      "parameters that one token uses, without the input embedding"
    ) { $0.inventory.activeWithoutInputEmbedding },
    model(
      "active_parameters_without_embeddings",
      "parameters that one token uses, without embedding and head"
    ) { $0.inventory.activeWithoutEmbeddings },
    model("layers", "layers") { Double($0.layerCount) },
    model("file_bits_per_weight", "stored bits over parameters, whole file") {
      $0.inventory.bitsPerWeight
    },
    model("weights_resident_bytes", "stored bytes of all parameters") {
      $0.inventory.weightBytes.value
    },
    model("kv_bytes_per_token", "bytes that a token adds once every window is full") {
      $0.growingCacheBytesPerToken.value
    },
    FigureQuantity(
      "kv_cache_bytes", "bytes of the cache at a context", required: ["model"],
      optional: configuration
    ) { arguments in
      let step = try arguments.settings().step
      return try arguments.compiled().kvCacheBytes(tokens: step.context, batch: step.batch).value
    },
    FigureQuantity(
      "state_bytes", "bytes of recurrent states", required: ["model"], optional: configuration
    ) { arguments in
      let step = try arguments.settings().step
      return try arguments.compiled().stateBytes(batch: step.batch).value
    },
    FigureQuantity("window", "tokens of the narrowest window of a layer", required: ["model"]) {
      arguments in
      let model = try arguments.model()
      guard let window = model.blocks.values.compactMap({ $0.attention?.window }).min() else {
        throw arguments.wrong(
          "model", "\(model.id) has no windows", remedy: "name a model with windows")
      }
      return Double(window)
    },
    FigureQuantity(
      "linear_attention_crossover_tokens",
      "tokens at which linear attention of d_q features costs as many FLOPs as softmax",
      required: ["model"], optional: ["features"]
    ) { arguments in
      let model = try arguments.model()
      guard let attention = model.blocks.values.compactMap(\.attention).first else {
        throw arguments.wrong(
          "model", "\(model.id) has no softmax attention", remedy: "name a transformer")
      }
      let headSize = Double(attention.headSize)
      return LinearAttentionArithmetic(
        headSize: headSize, valueHeadSize: headSize,
        features: arguments.text("features") == nil ? headSize : try arguments.number("features")
      ).crossoverTokens
    },
    FigureQuantity(
      "distinct_experts", "experts that tokens touch in a layer, uniform routing",
      required: ["tokens"], optional: ["model", "experts", "experts_per_token"]
    ) { arguments in
      let (experts, perToken) = try arguments.experts()
      return MixtureOfExperts.distinctExperts(
        experts, perToken: perToken, tokens: try arguments.count("tokens"))
    },
  ]
}

extension QuantityArguments {
  /// Experts of a layer and experts that a token uses: those of a model, or as given.
  fileprivate func experts() throws -> (experts: Int, perToken: Int) {
    guard text("model") != nil else {
      let (experts, perToken) = (try count("experts"), try count("experts_per_token"))
      guard perToken <= experts else {
        throw wrong(
          "experts_per_token", "\(perToken) of \(experts) experts",
          remedy: "write at most \(experts)")
      }
      return (experts, perToken)
    }
    let model = try model()
    guard let shape = model.blocks.values.compactMap(\.feedForward).first(where: { $0.experts > 0 })
    else {
      throw wrong("model", "\(model.id) has no experts", remedy: "name a mixture of experts")
    }
    return (shape.experts, shape.expertsPerToken)
  }
}
