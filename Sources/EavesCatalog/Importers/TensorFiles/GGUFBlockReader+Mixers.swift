import Eaves

extension GGUFBlockReader {
  /// What a layer has in place of softmax attention, or beside it; `nil` where that is nothing.
  func recurrence(_ layer: GGUFLayer, heads: Int) throws(DataError) -> [AnyMixerShape]? {
    if layer.has("time_mix_key.weight") { return try timeMixing(layer) }
    if layer.has("shortconv.conv.weight") {
      return [
        AnyMixerShape(
          ShortConvolution(
            taps: try columns(layer, "shortconv.conv.weight"),
            hasBias: layer.has("shortconv.conv.bias")))
      ]
    }
    if layer.has("ssm_f_a.weight") { return [AnyMixerShape(try kimiDelta(layer))] }
    if layer.has("ssm_x.weight") { return [AnyMixerShape(try mamba(layer))] }
    guard layer.has("ssm_conv1d.weight") else { return nil }
    let isDelta = ["ssm_ba.weight", "ssm_alpha.weight"].contains { layer.has($0) }
    return [isDelta ? AnyMixerShape(try delta(layer)) : AnyMixerShape(try mamba2(layer))]
  }

  private func mamba(_ layer: GGUFLayer) throws(DataError) -> Mamba {
    let inner = try columns(layer, "ssm_x.weight")
    let rank = try columns(layer, "ssm_dt.weight")
    let (rest, state) = (try rows(layer, "ssm_x.weight") - rank, try state())
    guard rest == 2 * state, ModelLimits.heads.contains(rank), ModelLimits.widths.contains(inner)
    else {
      throw wrong(
        layer, "ssm_x.weight", "does not make step sizes of \(rank) and states of \(state)")
    }
    let weightless = metadata.boolean("ssm.dt_b_c_rms") ?? false
    return Mamba(
      inner: inner, state: state, convolution: try taps(layer), stepRank: rank,
      hasConvolutionBias: layer.has("ssm_conv1d.bias"),
      hasProjectionBias: layer.has("ssm_in.bias"),
      innerNorms: layer.has("ssm_dt_norm.weight") ? .weighted : weightless ? .weightless : .none)
  }

  private func mamba2(_ layer: GGUFLayer) throws(DataError) -> Mamba2 {
    let inner = try metadata.integer("ssm.inner_size", in: ModelLimits.widths)
    let heads = try metadata.integer("ssm.time_step_rank", in: ModelLimits.heads)
    let groups = try metadata.optional("ssm.group_count") ?? 1
    guard groups > 0, heads.isMultiple(of: groups) else {
      throw metadata.error(
        "ssm.group_count", "\(groups) groups cannot be shared equally by \(heads) heads",
        "the file is damaged")
    }
    let shape = Mamba2(
      state: try state(), convolution: try taps(layer), heads: heads,
      headSize: try share(layer, "ssm_in.weight", inner, of: heads), groups: groups,
      hasConvolutionBias: layer.has("ssm_conv1d.bias"),
      hasProjectionBias: layer.has("ssm_in.bias"), hasGatedNorm: layer.has("ssm_norm.weight"))
    return shape
  }

  private func delta(_ layer: GGUFLayer) throws(DataError) -> GatedDeltaNet {
    let heads = try metadata.integer("ssm.time_step_rank", in: ModelLimits.heads)
    let keyHeads = try metadata.integer("ssm.group_count", in: ModelLimits.heads)
    let inner = try metadata.integer("ssm.inner_size", in: ModelLimits.widths)
    guard heads.isMultiple(of: keyHeads) else {
      throw metadata.error(
        "ssm.group_count", "\(keyHeads) key heads cannot be shared equally by \(heads)",
        "the file is damaged")
    }
    return GatedDeltaNet(
      keyHeads: keyHeads, heads: heads, keySize: try state(),
      valueSize: try share(layer, "ssm_out.weight", inner, of: heads), taps: try taps(layer))
  }

  private func kimiDelta(_ layer: GGUFLayer) throws(DataError) -> KimiDelta {
    let size = try rows(layer, "ssm_f_a.weight")
    let heads = try rows(layer, "ssm_beta.weight")
    guard ModelLimits.heads.contains(size), ModelLimits.heads.contains(heads) else {
      throw wrong(layer, "ssm_f_a.weight", "\(heads) heads of \(size)")
    }
    return KimiDelta(
      heads: heads, headSize: size, taps: try columns(layer, "ssm_conv1d_q.weight"))
  }

  /// The time and channel mixing of RWKV-6 and 7.
  private func timeMixing(_ layer: GGUFLayer) throws(DataError) -> [AnyMixerShape] {
    let size = try metadata.integer("wkv.head_size", in: ModelLimits.heads)
    guard hidden.isMultiple(of: size) else {
      throw metadata.error(
        "wkv.head_size", "\(size) does not divide a width of \(hidden)", "the file is damaged")
    }
    func rank(_ name: String) throws(DataError) -> Int {
      let rank = min(try rows(layer, name), try columns(layer, name))
      guard ModelLimits.widths.contains(rank) else { throw wrong(layer, name, "has no rank") }
      return rank
    }
    let mixing = RWKVChannelMix(
      size: try rows(layer, "channel_mix_key.weight"),
      hasReceptance: layer.has("channel_mix_receptance.weight"))
    if layer.has("time_mix_decay_w1.weight") {
      let mixes = try rank("time_mix_w1.weight")
      let shape = RWKV6(
        headSize: size, mixRank: max(1, mixes / 5),
        decayRank: try rank("time_mix_decay_w1.weight"))
      return [AnyMixerShape(shape), AnyMixerShape(mixing)]
    }
    // The first layer has no earlier values to mix; its file has unused matrices for them.
    let isFirst = layer.name == layers.first?.name
    let shape = RWKV7(
      headSize: size, decayRank: try rank("time_mix_w1.weight"),
      rateRank: try rank("time_mix_a1.weight"),
      valueRank: isFirst ? 0 : try rank("time_mix_v1.weight"),
      gateRank: try rank("time_mix_g1.weight"))
    return [AnyMixerShape(shape), AnyMixerShape(mixing)]
  }

  private func state() throws(DataError) -> Int {
    try metadata.integer("ssm.state_size", in: ModelLimits.heads)
  }

  private func taps(_ layer: GGUFLayer) throws(DataError) -> Int {
    let taps = try columns(layer, "ssm_conv1d.weight")
    guard ModelLimits.convolutions.contains(taps) else {
      throw wrong(layer, "ssm_conv1d.weight", "a filter of \(taps)")
    }
    return taps
  }

  /// The further residual streams, low-rank residual and input of its own that a layer of Gemma 3n has.
  func streams(_ layer: GGUFLayer) throws(DataError) -> [AnyMixerShape]? {
    guard let streams = layer.rows("altup_router.weight") else { return nil }
    guard (2...64).contains(streams) else {
      throw wrong(layer, "altup_router.weight", "\(streams) residual streams")
    }
    return [
      AnyMixerShape(AltUpShape(streams: streams)),
      AnyMixerShape(LaurelShape(rank: try rows(layer, "laurel_l.weight"))),
      AnyMixerShape(PerLayerInputShape(size: try rows(layer, "inp_gate.weight"))),
    ]
  }

  /// What those need outside the layers.
  func completeStreams(_ model: inout Model) throws(DataError) {
    guard let layer = layers.first, let streams = layer.rows("altup_router.weight") else { return }
    let table = try metadata.shape(of: "per_layer_token_embd.weight")
    let size = try rows(layer, "inp_gate.weight")
    guard table.count == 2, table[1] == size * layers.count else {
      throw DataError(
        file: metadata.files.path, field: "per_layer_token_embd.weight",
        "rows of \(table.last ?? 0) are not \(size) for each of \(layers.count) layers",
        remedy: "the file is damaged, or of a variant that cannot be imported")
    }
    model.residualStreams = streams
    model.perLayerEmbedding = PerLayerEmbedding(rows: table[0], size: size)
  }
}
