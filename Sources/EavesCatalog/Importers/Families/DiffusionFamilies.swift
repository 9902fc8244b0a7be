import Eaves

extension ConfigFamily {
  /// LLaDA: a Llama without a mask.
  ///
  /// Its class is not part of transformers but comes with the weights.
  static let diffusions: [ConfigFamily] = [
    ConfigFamily(
      modelType: "llada", family: "llada",
      defaults: ConfigDefaults(
        vocabulary: 50_257, heads: 12, kvHeads: .asHeads, headSize: .derived, feedForward: nil,
        positions: 1024)
    ) { (config, draft) throws(DataError) in
      draft.kind = .diffusion
      // The table is padded to this many rows.
      if let rows = try config.optionalInteger(["embedding_size"], in: ModelLimits.rows) {
        draft.vocabulary = rows
      }
      draft.isTied = try config.boolean("weight_tying", default: true)
      draft.attention.hasQKVBias = try config.boolean("include_qkv_bias", default: false)
      for key in ["alibi", "attention_layer_norm", "include_bias", "input_emb_norm"]
      where try config.boolean(key, default: false) {
        throw config.cannotHonour(key, "a LLaDA of another form")
      }
      for (key, usual) in [
        ("block_type", "llama"), ("layer_norm_type", "rms"),
      ] {
        guard let (_, text) = try config.optionalString([key]), text == usual else {
          throw config.cannotHonour(key, "a LLaDA of another form")
        }
      }
      config.ignore(
        "alibi_bias_max", "attention_layer_norm_with_affine", "bias_for_layer_norm",
        "block_group_size", "flash_attention", "init_cutoff_factor", "init_device", "init_fn",
        "layer_norm_with_affine", "precision", "scale_logits")
      if !(try config.boolean("rope", default: true)) {
        throw config.cannotHonour("rope", "positions of another kind")
      }
      if try config.boolean("multi_query_attention", default: false) {
        throw config.cannotHonour("multi_query_attention", "this way of sharing keys")
      }
    }
  ]
}
