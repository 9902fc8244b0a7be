import Eaves

extension ConfigReader {
  /// A whole number, where `"auto"` and a missing key mean one that follows from others.
  func integer(
    _ key: String, in range: ClosedRange<Int>, auto: @autoclosure () -> Int
  ) throws(DataError) -> Int {
    if case .string("auto") = main.node(key)?.value {
      ignore(key)
      return auto()
    }
    return try integer([key], in: range, default: auto())
  }

  /// Keys of a Mamba layer that families spell differently.
  struct MambaKeys {
    let state: String
    let convolution: String
    let stepRank: String
    let convolutionBias: String
    let projectionBias: String
    let expansion: String
    /// Spellings of the inner width, where a configuration may give it.
    let inner: [String]
  }

  /// A Mamba layer.
  func mamba(
    _ keys: MambaKeys, hidden: Int, norms: Mamba.InnerNorms
  ) throws(DataError) -> Mamba {
    Mamba(
      inner: try innerWidth(keys.inner, keys.expansion, hidden: hidden),
      state: try integer([keys.state], in: ModelLimits.heads, default: 16),
      convolution: try integer([keys.convolution], in: ModelLimits.convolutions, default: 4),
      stepRank: try integer(keys.stepRank, in: ModelLimits.heads, auto: (hidden + 15) / 16),
      hasConvolutionBias: try boolean(keys.convolutionBias, default: true),
      hasProjectionBias: try boolean(keys.projectionBias, default: false), innerNorms: norms)
  }

  /// The inner width: given, else the model's width times the expansion.
  func innerWidth(
    _ keys: [String], _ expansion: String, hidden: Int
  ) throws(DataError) -> Int {
    let given = try optionalInteger(keys, in: ModelLimits.widths)
    if given != nil {
      ignore(expansion)
      return given ?? hidden
    }
    return hidden * (try integer([expansion], in: 1...1024, default: 2))
  }

  /// A Mamba-2 layer with the keys that Bamba and Falcon-H1 share.
  func prefixedMamba2(inner: Int, heads: Int, state: Int) throws(DataError) -> Mamba2 {
    let heads = try integer(["mamba_n_heads"], in: ModelLimits.heads, default: heads)
    let shape = Mamba2(
      state: try integer(["mamba_d_state"], in: ModelLimits.heads, default: state),
      convolution: try integer(["mamba_d_conv"], in: ModelLimits.convolutions, default: 4),
      heads: heads,
      headSize: try integer("mamba_d_head", in: ModelLimits.heads, auto: max(1, inner / heads)),
      groups: try integer(["mamba_n_groups"], in: ModelLimits.heads, default: 1),
      chunk: try integer(["mamba_chunk_size"], in: ModelLimits.tokens, default: 256),
      hasConvolutionBias: try boolean("mamba_conv_bias", default: true),
      hasProjectionBias: try boolean("mamba_proj_bias", default: false))
    return try checked(shape, inner: inner, heads: ["mamba_n_heads"], groups: ["mamba_n_groups"])
  }

  /// A shape whose heads make up the inner width and are shared equally by the groups.
  func checked(
    _ shape: Mamba2, inner: Int, heads: [String], groups: [String]
  ) throws(DataError) -> Mamba2 {
    guard shape.inner == inner else {
      throw error(
        at: heads, "\(shape.heads) heads of \(shape.headSize) do not make up a width of \(inner)",
        remedy: "write the inner width over the width of a head")
    }
    guard shape.heads.isMultiple(of: shape.groups) else {
      throw error(
        at: groups, "\(shape.groups) groups cannot be shared equally by \(shape.heads) heads",
        remedy: "write a divisor of \(quoted(spelling(of: heads)))")
    }
    return shape
  }

  /// Counts keys as read that change no cost of a state-space layer.
  func ignoreStateSpaceDetails() {
    ignore(
      "time_step_scale", "time_step_min", "time_step_max", "time_step_init_scheme",
      "time_step_floor", "time_step_limit", "rescale_prenorm_residual", "residual_in_fp32",
      "num_logits_to_keep", "use_mamba_kernels", "use_mambapy", "use_falcon_mambapy",
      "use_associative_scan", "mixer_rms_eps", "fused_add_norm", "pad_vocab_size_multiple")
  }

  /// The activation of state-space layers, which is SiLU in all that are counted.
  func requireSiLU() throws(DataError) {
    guard let (key, text) = try optionalString(ConfigKeys.activation) else { return }
    guard ["silu", "swish"].contains(text) else {
      throw cannotHonour(key, "another activation than silu in these layers")
    }
  }
}
