import Eaves

extension GGUFBlockReader {
  /// Softmax attention; `nil` where the layer has none.
  func attention(
    _ layer: GGUFLayer, heads: Int, kvHeads: Int, sharesCache: Bool,
    prefix: String = "attn", output: String = "attn_output"
  ) throws(DataError) -> Block.Attention? {
    guard layer.has("\(prefix)_q.weight") || layer.has("\(prefix)_qkv.weight") else { return nil }
    guard heads > 0, kvHeads > 0, heads.isMultiple(of: kvHeads) else {
      throw wrong(
        layer, "\(prefix)_q.weight",
        "\(kvHeads) heads of keys and values cannot be shared equally by \(heads)")
    }
    let result = "\(output).weight"
    let valueSize = try share(layer, result, try columns(layer, result), of: heads)
    var size = valueSize
    var hasGate = layer.has("\(prefix)_gate.weight")
    let fused = "\(prefix)_qkv.weight"
    if layer.has(fused) {
      let rows = try rows(layer, fused)
      guard rows == (heads + 2 * kvHeads) * size else {
        throw wrong(
          layer, fused, "\(rows) rows are not \(heads) and twice \(kvHeads) heads of \(size)")
      }
    } else {
      let queries = try rows(layer, "\(prefix)_q.weight")
      size = try share(layer, "\(prefix)_q.weight", queries, of: heads)
      // Queries with the gate of the result in one matrix (Qwen3-Next).
      if let stated = try metadata.optional("attention.key_length"), size == 2 * stated,
        stated == valueSize, stated > 0
      {
        size = stated
        hasGate = true
      }
      if !sharesCache {
        for (name, width) in [("k", size), ("v", valueSize)] {
          let rows = try rows(layer, "\(prefix)_\(name).weight")
          guard rows == kvHeads * width else {
            throw wrong(
              layer, "\(prefix)_\(name).weight", "\(rows) rows are not \(kvHeads) heads of \(width)"
            )
          }
        }
      }
    }
    var attention = Block.Attention(
      heads: heads, kvHeads: kvHeads, headSize: size, valueHeadSize: valueSize,
      hasQKVBias: layer.has("\(prefix)_q.bias") || layer.has("\(prefix)_qkv.bias"),
      hasOutputBias: layer.has("\(output).bias"), qkNorm: qkNorm(layer, size),
      hasSinks: layer.has("attn_sinks.weight"))
    attention.hasKeyBias = layer.has("\(prefix)_k.bias") || layer.has("\(prefix)_qkv.bias")
    if !attention.hasQKVBias { attention.hasKeyBias = true }
    attention.hasOutputGate = hasGate
    attention.sharesCache = sharesCache
    return attention
  }

  /// One vector for all heads, or one of all heads' width.
  private func qkNorm(_ layer: GGUFLayer, _ size: Int) -> Block.Attention.QKNorm {
    guard let elements = layer.elements("attn_q_norm.weight") else { return .none }
    return elements == size ? .head : .full
  }

  /// Latent attention: all widths follow from its matrices.
  func latent(_ layer: GGUFLayer, heads: Int) throws(DataError) -> LatentAttentionShape {
    let down = "attn_kv_a_mqa.weight"
    let entry = try rows(layer, down)
    let rank = layer.elements("attn_kv_a_norm.weight") ?? 0
    let queries = layer.has("attn_q_b.weight") ? "attn_q_b.weight" : "attn_q.weight"
    let width = try share(layer, queries, try rows(layer, queries), of: heads)
    let result = "attn_output.weight"
    let value = try share(layer, result, try columns(layer, result), of: heads)
    let rotary = entry - rank
    guard rank > 0, rotary > 0, width > rotary, ModelLimits.heads.contains(entry) else {
      throw wrong(layer, down, "\(entry) rows are no latent of \(rank) with a rotary part")
    }
    return LatentAttentionShape(
      heads: heads, queryRank: layer.rows("attn_q_a.weight"), kvRank: rank, rotaryWidth: rotary,
      plainWidth: width - rotary, valueWidth: value, isRotary: architecture.position == .rotary)
  }

  /// The feed-forward part, dense or with experts; `nil` where the layer has none.
  func feedForward(_ layer: GGUFLayer) throws(DataError) -> Block.FeedForward? {
    let names = ["ffn_down_exps.weight", "ffn_down.0.weight"]
    guard let down = names.first(where: { layer.has($0) }) else { return try dense(layer) }
    let isGated =
      layer.has("ffn_gate_exps.weight") || layer.has("ffn_gate_up_exps.weight")
      || layer.has("ffn_gate.0.weight")
    var part = Block.FeedForward(
      size: try columns(layer, down), isGated: isGated, activation: activation(isGated))
    part.hasBias = layer.has("ffn_down_exps.bias")
    part.experts = try metadata.integer("expert_count", in: ModelLimits.heads)
    part.expertsPerToken = try metadata.integer(
      "expert_used_count", in: 1...part.experts)
    // A dense part beside the experts (Arctic) is one that every token uses.
    let shared = layer.columns("ffn_down_shexp.weight") ?? layer.columns("ffn_down.weight")
    part.sharedSize = shared ?? 0
    part.hasSharedGate = layer.has("ffn_gate_inp_shexp.weight")
    part.routerHasBias =
      layer.has("ffn_gate_inp.bias") || layer.has("exp_probs_b.bias") || layer.has("exp_probs_b")
    return part
  }

  private func dense(_ layer: GGUFLayer) throws(DataError) -> Block.FeedForward? {
    guard let size = layer.columns("ffn_down.weight") else { return nil }
    // Gate and up in one matrix (Phi-3, GLM).
    let isGated = layer.has("ffn_gate.weight") || layer.rows("ffn_up.weight") == 2 * size
    var part = Block.FeedForward(
      size: size, isGated: isGated, activation: activation(isGated),
      hasBias: layer.has("ffn_down.bias") || layer.has("ffn_up.bias"))
    part.hasInnerBias = !part.hasBias || layer.has("ffn_up.bias")
    return part
  }

  private func activation(_ isGated: Bool) -> Block.FeedForward.Activation {
    isGated ? architecture.gatedActivation ?? architecture.activation : architecture.activation
  }
}
