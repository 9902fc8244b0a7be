import Eaves

extension ModelDraft {
  /// Zamba2: Mamba-2 layers, and before some of them a call of one of a few shared blocks.
  ///
  /// A call reads the stream and the embeddings side by side, has adapters of its own on the shared gate and up
  /// projections (and on queries, keys and values where the file says so), and a projection back into
  /// the stream. A call stands as a layer of its own.
  mutating func readZamba2(_ config: ConfigReader) throws(DataError) {
    config.ignoreStateSpaceDetails()
    // What follows from other keys, or is not read by the class.
    config.ignore(
      "attention_hidden_size", "attention_head_dim", "kv_channels", "num_query_groups",
      "hybrid_layer_ids", "mamba_headdim", "use_conv_bias", "use_shared_mlp_adapter",
      "use_mem_eff_path", "use_long_context", "layers_block_type")
    let rotates = try config.boolean("use_mem_rope", default: false)
    position = rotates ? .rotary : .none
    let hasBias = try config.boolean("add_bias_linear", default: false)
    feedForward.hasBias = hasBias
    attention.headSize *= 2
    attention.valueHeadSize = attention.headSize
    attention.inputSize = 2 * hiddenSize

    let rank = try config.integer(["adapter_rank"], in: ModelLimits.widths, default: 128)
    var adapters = [
      Adapter(output: 2 * feedForward.size, rank: rank), Adapter(output: hiddenSize),
    ]
    if try config.boolean("use_shared_attention_adapter", default: false) {
      let heads = attention.heads * attention.headSize
      adapters += Array(
        repeating: Adapter(input: 2 * hiddenSize, output: heads, rank: rank), count: 3)
    }
    let mamba = AnyMixerShape(try readZamba2Mixer(config, hasBias: hasBias))
    var shared = Block(
      attention: attention, feedForward: feedForward, norms: 1, extraNormSizes: [2 * hiddenSize])
    shared.weightSets = try config.integer(
      ["num_mem_blocks"], in: ModelLimits.layers, default: 1)
    let own = Block(
      attention: nil, mixers: adapters.map(AnyMixerShape.init) + [mamba], feedForward: nil,
      norms: 1)
    let plain = Block(attention: nil, mixers: [mamba], feedForward: nil, norms: 1)
    layers = try config.zambaCalls(of: layerCount).flatMap { isCall in
      isCall ? [("shared", shared), ("hybrid", own)] : [("mamba2", plain)]
    }
    notes.append("each call of a shared block stands as a layer of its own")
  }

  private func readZamba2Mixer(
    _ config: ConfigReader, hasBias: Bool
  ) throws(DataError) -> Mamba2 {
    let inner = try config.innerWidth([], "mamba_expand", hidden: hiddenSize)
    let heads = try config.integer(["n_mamba_heads"], in: ModelLimits.heads, default: 8)
    let shape = Mamba2(
      state: try config.integer(["mamba_d_state"], in: ModelLimits.heads, default: 64),
      convolution: try config.integer(["mamba_d_conv"], in: ModelLimits.convolutions, default: 4),
      heads: heads, headSize: max(1, inner / heads),
      groups: try config.integer(["mamba_ngroups"], in: ModelLimits.heads, default: 1),
      chunk: try config.integer(["chunk_size"], in: ModelLimits.tokens, default: 256),
      hasProjectionBias: hasBias)
    return try config.checked(
      shape, inner: inner, heads: ["n_mamba_heads"], groups: ["mamba_ngroups"])
  }
}

extension ConfigReader {
  /// Which Mamba-2 layers a call of a shared block precedes.
  fileprivate func zambaCalls(of count: Int) throws(DataError) -> [Bool] {
    let types = try main.list("layers_block_type", of: "strings") {
      (node, path) throws(DataError) in
      guard case .string(let text) = node.value, ["mamba", "hybrid"].contains(text) else {
        throw DataError(
          file: main.file.name, at: node.position, field: path,
          "found \(node.found), a kind of layer that cannot be imported",
          remedy: "mamba and hybrid can")
      }
      return text == "hybrid"
    }
    guard types.count == count else {
      throw main.error(
        at: "layers_block_type", "has \(types.count) entries for \(count) layers",
        remedy: "write one a layer")
    }
    return types
  }
}
