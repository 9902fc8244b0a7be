import Eaves

extension ConfigFamily {
  /// T5 and Whisper: an encoder over a source, and a decoder that reads it.
  static let encoderDecoders: [ConfigFamily] = [
    ConfigFamily(
      modelType: "t5", family: "t5",
      defaults: ConfigDefaults(
        vocabulary: 32_128, heads: 8, headSize: .keyed("d_kv", 64), feedForward: 2048,
        positions: 512, isTied: true, activation: .relu)
    ) { (config, draft) throws(DataError) in
      try draft.readT5FeedForward(config)
      draft.position = .relative
      draft.attention.hasPositionBias = true
      let buckets = try config.integer(
        ["relative_attention_num_buckets"], in: ModelLimits.heads, default: 32)
      try draft.makeEncoderDecoder(config, layers: "num_decoder_layers")
      draft.encoder?.positionBuckets = buckets
      config.ignore("relative_attention_max_distance", "n_positions", "output_past")
    },
    ConfigFamily(
      modelType: "whisper", family: "whisper",
      defaults: ConfigDefaults(
        vocabulary: 51_865, heads: 6, headSize: .derived, feedForward: 1536, positions: 448,
        isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      draft.norm = .layernorm
      draft.position = .learned
      draft.positionRows = draft.maxContext
      draft.attention.hasQKVBias = true
      draft.attention.hasKeyBias = false
      draft.attention.hasOutputBias = true
      draft.feedForward.isGated = false
      draft.feedForward.hasBias = true
      try draft.makeEncoderDecoder(config, layers: "decoder_layers")
      let rows = try config.integer(
        ["max_source_positions"], in: ModelLimits.rows, default: 1500)
      let bins = try config.integer(["num_mel_bins"], in: ModelLimits.widths, default: 80)
      draft.encoder?.sourceTokens = rows
      let width = draft.hiddenSize
      draft.encoder?.input = EncoderInput(
        convolutions: [
          EncoderInput.Convolution(channels: bins, kernel: 3, stride: 1),
          EncoderInput.Convolution(channels: width, kernel: 3, stride: 2),
        ], positionRows: rows)
      config.ignore(
        "apply_spec_augment", "begin_suppress_tokens", "classifier_proj_size",
        "decoder_layerdrop", "encoder_layerdrop", "forced_decoder_ids", "max_length",
        "mask_feature_length", "mask_feature_min_masks", "mask_feature_prob", "mask_time_length",
        "mask_time_min_masks", "mask_time_prob", "median_filter_width", "scale_embedding",
        "suppress_tokens", "use_weighted_layer_sum")
    },
  ]
}

extension ModelDraft {
  /// The common keys are those of the encoder; the decoder may have another number of layers.
  fileprivate mutating func makeEncoderDecoder(
    _ config: ConfigReader, layers key: String
  ) throws(DataError) {
    kind = .encoderDecoder
    config.ignore("is_encoder_decoder", "add_cross_attention")
    encoder = EncoderDraft(layers: layerCount)
    layerCount = try config.integer([key], in: ModelLimits.layers, default: layerCount)
    windows = Array(repeating: nil, count: layerCount)
  }

  /// `feed_forward_proj`: "relu", or "gated-gelu" for a gated part.
  fileprivate mutating func readT5FeedForward(_ config: ConfigReader) throws(DataError) {
    config.ignore("dense_act_fn", "is_gated_act")
    feedForward.isGated = false
    feedForward.activation = .relu
    guard let (key, text) = try config.optionalString(["feed_forward_proj"]) else {
      config.tookDefault("feed_forward_proj", "relu")
      return
    }
    switch text {
    case "relu": break
    case "gated-gelu":
      feedForward.isGated = true
      feedForward.activation = .gelu
    case "gated-silu":
      feedForward.isGated = true
      feedForward.activation = .silu
    default:
      throw config.error(
        at: [key], "the feed-forward part \(quoted(text)) cannot be imported",
        remedy: "relu, gated-gelu and gated-silu can")
    }
  }
}
