import Eaves

extension ConfigFamily {
  /// Falcon of both architectures: one shared head and one norm (7B), or groups and two norms (40B, 180B).
  static let falcons: [ConfigFamily] = [
    ConfigFamily(
      modelType: "falcon", family: "falcon",
      defaults: ConfigDefaults(
        vocabulary: 65_024, heads: 71, headSize: .derived, feedForward: nil,
        positions: 2048, isTied: true, activation: .gelu)
    ) { (config, draft) throws(DataError) in
      let isNew = try config.boolean("new_decoder_architecture", default: false)
      let isMultiQuery = try config.boolean("multi_query", default: true)
      let kvHeads = try config.optionalInteger(ConfigKeys.kvHeads, in: ModelLimits.heads)
      // Files of the old architecture give a number that nothing reads.
      draft.attention.kvHeads =
        isMultiQuery && !isNew ? 1 : kvHeads ?? draft.attention.heads
      let hasBias = try config.boolean("bias", default: false)
      draft.attention.hasQKVBias = hasBias
      draft.attention.hasOutputBias = hasBias
      draft.feedForward.hasBias = hasBias
      draft.feedForward.isGated = false
      draft.norm = .layernorm
      let hasALiBi = try config.boolean("alibi", default: false)
      draft.position = hasALiBi ? .alibi : .rotary
      draft.isParallel = try config.boolean("parallel_attn", default: true)
      let norms = try config.optionalInteger(["num_ln_in_parallel_attn"], in: 1...2)
      draft.norms = draft.isParallel ? norms ?? (isNew ? 2 : 1) : 2
    }
  ]
}
