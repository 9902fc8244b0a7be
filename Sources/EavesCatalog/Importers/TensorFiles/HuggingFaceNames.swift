import Eaves

/// What the tensors of a safetensors file are, by the names that transformers gives them.
enum HuggingFaceNames {
  /// What a tensor is in a model; nil where its name says nothing.
  static func placement(of tensor: StoredTensor, in model: Model) -> TensorPlacement? {
    var parts = tensor.name.split(separator: ".").map(String.init)
    if isLeftOut(tensor, parts, model) { return .other }
    guard let ending = parts.last else { return nil }
    var weights = TensorPlacement.Weights(roles: [], layer: layer(of: parts))
    if let layer = weights.layer, model.leavesOut(layer: layer) { return .other }
    if vectors.contains(ending) {
      weights.roles = [.mixerVector]
      return .weights(weights)
    }
    if endings.contains(ending) {
      weights.isBias = ending == "bias"
      // weight.quant_state.bitsandbytes__nf4
      while parts.count > 1, let last = parts.last, endings.contains(last) { parts.removeLast() }
    } else if let tail = tails.first(where: { ending.hasSuffix($0) }) {
      weights.isBias = tail == "_bias"
      parts[parts.count - 1] = String(ending.dropLast(tail.count))
    }
    weights.isShared = parts.contains { $0.hasPrefix("shared_expert") || $0 == "shared_mlp" }
    if parts.contains("block_sparse_moe"), parts.last?.hasSuffix("put_linear") ?? false {
      weights.isExpert = true
    }
    if let index = parts.firstIndex(of: "experts") {
      weights.isExpert = true
      weights.isSingleExpert = parts.indices.contains(index + 1) && Int(parts[index + 1]) != nil
    }
    let block = weights.layer.flatMap { layer in
      model.layers.indices.contains(layer) ? model.blocks[model.layers[layer]] : nil
    }
    if isUnused(parts, block) { return .other }
    guard let roles = roles(of: parts, block) else { return nil }
    weights.roles = roles
    return .weights(weights)
  }

  /// Buffers, and what a model of text leaves out.
  private static func isLeftOut(
    _ tensor: StoredTensor, _ parts: [String], _ model: Model
  ) -> Bool {
    let last = parts.last ?? ""
    if ["inv_freq", "position_ids", "masked_bias", "num_batches_tracked"].contains(last) {
      return true
    }
    if last == "bias", tensor.shape.count == 4 { return true }
    if parts.contains(where: { part in leftOut.contains { part.hasPrefix($0) } }) { return true }
    return model.hasTiedEmbeddings && parts.contains("lm_head") && model.kind.hasHead
  }

  /// Keys and values of a layer that reads those of another one.
  private static func isUnused(_ parts: [String], _ block: Block?) -> Bool {
    guard block?.attention?.sharesCache ?? false else { return false }
    return ["k_proj", "v_proj", "k_norm", "v_norm"].contains(parts.last ?? "")
  }

  private static func layer(of parts: [String]) -> Int? {
    for (index, part) in parts.enumerated().dropLast() where stacks.contains(part) {
      if let layer = Int(parts[index + 1]), layer >= 0 { return layer }
    }
    return nil
  }

  private static func roles(of parts: [String], _ block: Block?) -> [TensorRole]? {
    guard var last = parts.last else { return nil }
    // A list of matrices beside the layers: altup_projections.0.
    if Int(last) != nil, parts.count > 1 { last = parts[parts.count - 2] }
    let before = parts.dropLast().last ?? ""
    let name = last.lowercased()
    if name.contains("norm") || name.hasPrefix("ln_") || name == "ln_f" { return [.norm] }
    if name == "dense" {
      switch before {
      case "intermediate": return [.up]
      case "output": return parts.contains("attention") ? [.attentionOutput] : [.down]
      case "pooler", "attention", "self_attention", "self_attn", "attn": return [.attentionOutput]
      default: return nil
      }
    }
    if name == "layer", before == "router" { return [.router] }
    if name == "c_proj" { return before == "mlp" ? [.down] : [.attentionOutput] }
    if mixers.contains(before), name == "out_proj" { return [.mixerOutput] }
    if block?.mixers.contains(where: { $0.shape is KimiDelta }) ?? false {
      if ["q_proj", "k_proj", "v_proj", "b_proj"].contains(name) { return [.mixerInput] }
      if name == "o_proj" { return [.mixerOutput] }
    }
    if name == "out_proj" || name == "o_proj" { return [.attentionOutput] }
    return table[name]
  }

  private static let stacks: Set<String> = ["layers", "layer", "h", "blocks", "block"]

  /// The modules that recurrent mixers are.
  private static let mixers: Set<String> = ["mixer", "mamba", "conv", "linear_attn"]

  /// Vectors of recurrent mixers that stand without ".weight".
  private static let vectors: Set<String> = [
    "A_log", "D", "dt_bias", "prediction_coefs", "correct_output_scale",
  ]

  private static let leftOut = [
    "vision_tower", "vision_model", "multi_modal_projector", "audio_tower", "visual",
    "embed_vision",
    "embed_audio",
  ]

  /// What stands after the name of a module: its weights, or a part of them where they are quantised.
  private static let endings: Set<String> = [
    "weight", "bias", "qweight", "qzeros", "scales", "g_idx", "weight_scale",
    "weight_scale_inv", "weight_scale_2", "weight_global_scale", "input_scale",
    "input_global_scale", "weight_packed", "weight_shape", "weight_zero_point", "weight_g_idx",
    "SCB", "weight_format", "absmax", "quant_map", "nested_absmax", "nested_quant_map",
    "quant_state", "bitsandbytes__nf4", "bitsandbytes__fp4",
  ]
  private static let tails = ["_blocks", "_scales", "_bias"]

  private static let table: [String: [TensorRole]] = [
    "q_proj": [.query], "query": [.query], "q": [.query], "k_proj": [.key], "key": [.key],
    "k": [.key], "v_proj": [.value], "value": [.value], "v": [.value], "o": [.attentionOutput],
    "qkv_proj": [.query, .key, .value], "c_attn": [.query, .key, .value],
    "query_key_value": [.query, .key, .value], "gate_proj": [.gate], "w1": [.gate],
    "wi_0": [.gate], "up_proj": [.up], "w3": [.up], "fc1": [.up], "c_fc": [.up], "wi": [.up],
    "wi_1": [.up], "dense_h_to_4h": [.up], "down_proj": [.down], "w2": [.down], "fc2": [.down],
    "wo": [.down], "dense_4h_to_h": [.down], "gate_up_proj": [.gate, .up], "gate": [.router],
    "router": [.router], "shared_expert_gate": [.router], "e_score_correction": [.bias],
    "expert": [.bias], "input_linear": [.gate, .up], "output_linear": [.down],
    "relative_attention_bias": [.bias], "embed_tokens": [.embedding], "shared": [.embedding],
    "embed_tokens_per_layer": [.embedding], "embeddings": [.embedding], "wte": [.embedding],
    "word_embeddings": [.embedding], "token_type_embeddings": [.positionEmbedding],
    "embed_in": [.embedding], "wpe": [.positionEmbedding],
    "position_embeddings": [.positionEmbedding], "embed_positions": [.positionEmbedding],
    "lm_head": [.head], "embed_out": [.head], "sinks": [.bias],
    // Latent attention.
    "q_a_proj": [.mixerInput], "q_b_proj": [.query], "kv_a_proj_with_mqa": [.mixerInput],
    "kv_b_proj": [.mixerInner],
    // State spaces, filters, delta rules.
    "in_proj": [.mixerInput], "in_proj_qkvz": [.mixerInput], "in_proj_ba": [.mixerInput],
    "x_proj": [.mixerInner], "dt_proj": [.mixerInner], "conv1d": [.mixerVector],
    "conv": [.mixerVector], "q_conv1d": [.mixerVector], "k_conv1d": [.mixerVector],
    "v_conv1d": [.mixerVector], "f_a_proj": [.mixerInner], "f_b_proj": [.mixerInner],
    "g_a_proj": [.mixerInner], "g_b_proj": [.mixerInner],
    // Gemma 3n.
    "per_layer_model_projection": [.mixerInput], "per_layer_input_gate": [.mixerInput],
    "per_layer_projection": [.mixerOutput], "linear_left": [.mixerInput],
    "linear_right": [.mixerOutput], "modality_router": [.mixerInner],
    "prediction_coefs": [.mixerVector], "correction_coefs": [.mixerVector],
    "altup_projections": [.mixerInput], "altup_unembed_projections": [.mixerInput],
  ]
}
