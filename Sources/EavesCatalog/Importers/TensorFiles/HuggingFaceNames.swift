import Eaves

/// What the tensors of a safetensors file are, by the names that transformers gives them.
enum HuggingFaceNames {
  /// What a tensor is in a model; nil where its name says nothing.
  static func placement(of tensor: StoredTensor, in model: Model) -> TensorPlacement? {
    var parts = tensor.name.split(separator: ".").map(String.init)
    if isLeftOut(tensor, parts, model) { return .other }
    guard let ending = parts.last else { return nil }
    var weights = TensorPlacement.Weights(roles: [], layer: layer(of: parts))
    if let module = endings.first(where: { ending == $0 }) {
      weights.isBias = module == "bias"
      parts.removeLast()
    } else if let tail = tails.first(where: { ending.hasSuffix($0) }) {
      weights.isBias = tail == "_bias"
      parts[parts.count - 1] = String(ending.dropLast(tail.count))
    }
    weights.isShared = parts.contains { $0.hasPrefix("shared_expert") }
    if let index = parts.firstIndex(of: "experts") {
      weights.isExpert = true
      weights.isSingleExpert = parts.indices.contains(index + 1) && Int(parts[index + 1]) != nil
    }
    guard let roles = roles(of: parts) else { return nil }
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

  private static func layer(of parts: [String]) -> Int? {
    for (index, part) in parts.enumerated().dropLast() where stacks.contains(part) {
      if let layer = Int(parts[index + 1]), layer >= 0 { return layer }
    }
    return nil
  }

  private static func roles(of parts: [String]) -> [TensorRole]? {
    guard let last = parts.last else { return nil }
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
    if name == "c_proj" { return before == "mlp" ? [.down] : [.attentionOutput] }
    if name == "out_proj" || name == "o_proj" { return [.attentionOutput] }
    return table[name]
  }

  private static let stacks: Set<String> = ["layers", "layer", "h", "blocks"]

  private static let leftOut = [
    "vision_tower", "vision_model", "multi_modal_projector", "audio_tower", "visual",
    "embed_vision",
    "embed_audio",
  ]

  /// What stands after the name of a module: its weights, or a part of them where they are quantised.
  private static let endings = [
    "weight", "bias", "qweight", "qzeros", "scales", "g_idx", "weight_scale", "weight_scale_inv",
    "input_scale", "weight_packed", "weight_shape", "weight_zero_point", "SCB",
  ]
  private static let tails = ["_blocks", "_scales", "_bias"]

  private static let table: [String: [TensorRole]] = [
    "q_proj": [.query], "query": [.query], "k_proj": [.key], "key": [.key], "v_proj": [.value],
    "value": [.value], "qkv_proj": [.query, .key, .value], "c_attn": [.query, .key, .value],
    "query_key_value": [.query, .key, .value], "gate_proj": [.gate], "w1": [.gate],
    "up_proj": [.up], "w3": [.up], "fc1": [.up], "c_fc": [.up], "dense_h_to_4h": [.up],
    "down_proj": [.down], "w2": [.down], "fc2": [.down], "dense_4h_to_h": [.down],
    "gate_up_proj": [.gate, .up], "gate": [.router], "router": [.router],
    "shared_expert_gate": [.router], "embed_tokens": [.embedding], "wte": [.embedding],
    "word_embeddings": [.embedding], "token_type_embeddings": [.embedding],
    "embed_in": [.embedding], "wpe": [.positionEmbedding],
    "position_embeddings": [.positionEmbedding], "embed_positions": [.positionEmbedding],
    "lm_head": [.head], "embed_out": [.head], "sinks": [.bias],
  ]
}
