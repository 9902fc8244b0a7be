import Eaves
import Quantities

extension FigureQuantity {
  /// Closed forms of published formulas, by their parameters.
  static let formulas: [FigureQuantity] =
    attention + latentAttention + ringAttention + [
      FigureQuantity(
        "speculative_speedup", "walltime improvement of speculative decoding (theorem 3.8)",
        required: ["acceptance", "cost"], optional: ["drafts"]
      ) { arguments in
        let acceptance = try arguments.number("acceptance")
        guard acceptance < 1 else {
          throw arguments.wrong("acceptance", "\(acceptance)", remedy: "write a share below 1")
        }
        let form = SpeculativeArithmetic(
          acceptance: acceptance, cost: try arguments.number("cost"))
        guard arguments.text("drafts") != nil else { return form.bestSpeedup }
        return form.speedup(drafts: try arguments.count("drafts"))
      },
      FigureQuantity(
        "checkpoint_bytes", "bytes of activations that training keeps of a layer",
        required: ["tokens", "batch", "hidden", "heads"],
        optional: ["recompute", "tensor_parallel"]
      ) { try $0.checkpointBytes() },
      FigureQuantity(
        "lru_hit_ratio", "share of experts found in a cache of the least recently used",
        required: ["experts", "experts_per_token", "cached"]
      ) {
        ExpertCacheArithmetic(
          experts: try $0.count("experts"), perToken: try $0.count("experts_per_token"),
          cached: try $0.count("cached")
        ).hitRatio
      },
      FigureQuantity(
        "linear_parameters", "parameters of the linear layers of a Llama with as many KV heads",
        required: ["layers", "hidden", "feed_forward"]
      ) {
        let (hidden, width) = (try $0.number("hidden"), try $0.number("feed_forward"))
        return try $0.number("layers") * (4 * hidden * hidden + 3 * hidden * width)
      },
      FigureQuantity(
        "compound_scaling_ratio", "FLOPs over those of the base network",
        required: ["depth", "width", "resolution", "steps"]
      ) {
        CompoundScaling(
          depth: try $0.number("depth"), width: try $0.number("width"),
          resolution: try $0.number("resolution")
        ).work(steps: try $0.count("steps"))
      },
    ]

  private static let attention: [FigureQuantity] = [
    FigureQuantity(
      "attention_cache_elements", "cached elements of a token in a layer",
      required: ["kv_heads", "head_size"]
    ) { 2 * (try $0.number("kv_heads")) * (try $0.number("head_size")) },
    FigureQuantity(
      "attention_score_entries", "entries of the matrix of scores of a head", required: ["tokens"]
    ) {
      let tokens = Double(try $0.count("tokens"))
      return tokens * tokens
    },
    FigureQuantity(
      "materialised_attention_elements", "elements that a head moves, scores written",
      required: ["tokens", "head_size"]
    ) { try $0.traffic().materialised },
    FigureQuantity(
      "flash_attention_elements", "elements that a head moves, FlashAttention algorithm 1",
      required: ["tokens", "head_size", "buffer_elements"]
    ) {
      let traffic = try $0.traffic()
      return traffic.tiled(keyBlocks: traffic.keyBlocks(buffer: try $0.number("buffer_elements")))
    },
    FigureQuantity(
      "eager_training_elements", "elements that a head moves forward and backward, eager",
      required: ["tokens", "head_size"]
    ) { try $0.traffic().eagerTraining },
    FigureQuantity(
      "flash_training_elements", "elements that a head moves forward and backward in key blocks",
      required: ["tokens", "head_size", "block"]
    ) {
      let blocks = (try $0.number("tokens") / $0.number("block")).rounded(.up)
      return try $0.traffic().tiledTraining(keyBlocks: blocks)
    },
  ]

  private static let latentDimensions = ["latent", "rotary", "head_size", "value_head_size"]

  private static let latentAttention: [FigureQuantity] = [
    FigureQuantity(
      "mla_cache_elements", "cached elements of a token in a layer of MLA",
      required: ["latent", "rotary"]
    ) { try $0.number("latent") + $0.number("rotary") },
    FigureQuantity(
      "mla_equivalent_groups", "KV heads that cache as much as MLA", required: latentDimensions
    ) { try $0.latentAttention().equivalentGroups },
    FigureQuantity(
      "mla_decode_intensity", "FLOP/B of absorbed decode",
      required: latentDimensions + ["heads", "element_bytes"]
    ) {
      try $0.latentAttention().decodeIntensity(
        heads: $0.number("heads"), elementBytes: $0.number("element_bytes"))
    },
    FigureQuantity(
      "mla_crossover_tokens", "query tokens above which expanding costs less than absorbing",
      required: latentDimensions
    ) { arguments in
      guard let tokens = try arguments.latentAttention().crossoverTokens else {
        throw arguments.wrong(
          "latent", "absorbing never costs more", remedy: "write a wider latent")
      }
      return tokens
    },
  ]

  private static let ringAttention: [FigureQuantity] = [
    FigureQuantity(
      "ring_block_tokens", "tokens of the smallest block that hides its sending",
      required: [],
      optional: [
        "chip", "precision", "link", "flop_per_s", "link_bytes_per_s", "heads", "kv_heads",
        "element_bytes",
      ]
    ) { arguments in
      let isOnChip = arguments.text("chip") != nil
      return try arguments.ring().smallestBlock(
        rate: isOnChip ? arguments.rate().peak.value.value : arguments.number("flop_per_s"),
        link: isOnChip ? arguments.linkBandwidth() : arguments.number("link_bytes_per_s"))
    },
    FigureQuantity(
      "ring_resident_elements", "elements that a layer of ring attention holds on a device",
      required: ["batch", "block", "hidden"], optional: ["heads", "kv_heads"]
    ) {
      try $0.ring().residentElements(
        batch: $0.number("batch"), block: $0.number("block"), hidden: $0.number("hidden"))
    },
  ]
}

extension QuantityArguments {
  fileprivate func traffic() throws -> AttentionTraffic {
    AttentionTraffic(tokens: Double(try count("tokens")), headSize: try number("head_size"))
  }

  fileprivate func latentAttention() throws -> LatentAttentionArithmetic {
    LatentAttentionArithmetic(
      latent: try number("latent"), rotary: try number("rotary"),
      headSize: try number("head_size"), valueHeadSize: try number("value_head_size"))
  }

  /// Head sharing: one head each where none is given.
  fileprivate func ring() throws -> RingAttentionArithmetic {
    func number(_ name: String, or fallback: Double) throws -> Double {
      text(name) == nil ? fallback : try self.number(name)
    }
    return RingAttentionArithmetic(
      heads: try number("heads", or: 1), kvHeads: try number("kv_heads", or: 1),
      elementBytes: try number("element_bytes", or: 2))
  }

  fileprivate func checkpointBytes() throws -> Double {
    let form = ActivationCheckpointing(
      tokens: Double(try count("tokens")), batch: try number("batch"),
      hidden: try number("hidden"), heads: try number("heads"))
    let name = text("recompute") ?? "none"
    guard let recompute = ActivationCheckpointing.Recompute(rawValue: name) else {
      throw wrong(
        "recompute", "\(quoted(name)) is none",
        remedy: "write none, selective or full")
    }
    let devices = text("tensor_parallel") == nil ? 1 : try number("tensor_parallel")
    return form.bytes(recompute, tensorParallel: devices)
  }
}
