import Eaves

/// What the tensors of a GGUF file are, by their names.
///
/// Source: `TENSOR_NAMES` in `constants.py` of `gguf-py`.
struct GGUFNames {
  /// The layers whose gate is stored in one tensor with what it multiplies (Phi-3).
  private let names: Set<String>

  init(_ tensors: [StoredTensor]) { names = Set(tensors.map(\.name)) }

  /// What a tensor is in a model; nil where nothing of that name is known.
  func placement(of tensor: StoredTensor, in model: Model) -> TensorPlacement? {
    var parts = tensor.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let ending = parts.popLast()
    guard ending == "weight" || ending == "bias" else { return nil }
    guard parts.first == "blk" else { return Self.outside(parts, isBias: ending == "bias") }
    guard parts.count >= 3, let layer = Int(parts[1]), layer >= 0 else { return nil }
    var weights = TensorPlacement.Weights(roles: [], layer: layer, isBias: ending == "bias")
    var name = parts[2]
    // Older files have a tensor for every expert.
    if parts.count == 4, Int(parts[3]) != nil {
      weights.isSingleExpert = true
      weights.isExpert = true
    } else if parts.count > 3 {
      return nil
    }
    if let stem = Self.stem(of: name, without: "_exps") {
      name = stem
      weights.isExpert = true
    } else if let stem = Self.stem(of: name, without: "_shexp") {
      name = stem
      weights.isShared = true
    }
    if name == "exp_probs_b" || name == "attn_rot_embd" { return .other }
    if name.contains("norm") {
      weights.roles = [.norm]
    } else if name == "ffn_up", isFused(layer, model) {
      weights.roles = [.gate, .up]
    } else if let roles = Self.roles[name] {
      weights.roles = roles
    } else {
      return nil
    }
    return .weights(weights)
  }

  /// Whether a gated part has no tensor for its gate.
  private func isFused(_ layer: Int, _ model: Model) -> Bool {
    guard model.layers.indices.contains(layer),
      let part = model.blocks[model.layers[layer]]?.feedForward, part.isGated, part.experts == 0
    else { return false }
    return !names.contains("blk.\(layer).ffn_gate.weight")
  }

  private static func stem(of name: String, without ending: String) -> String? {
    name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : nil
  }

  private static func outside(_ parts: [String], isBias: Bool) -> TensorPlacement? {
    guard parts.count == 1 else { return nil }
    switch parts[0] {
    case "rope_freqs", "rope_factors_long", "rope_factors_short": return .rotaryFactors
    case "token_embd", "token_types": return .weights(.init(roles: [.embedding]))
    case "position_embd": return .weights(.init(roles: [.positionEmbedding]))
    case "output": return .weights(.init(roles: [.head], isBias: isBias))
    case "output_norm", "token_embd_norm": return .weights(.init(roles: [.norm], isBias: isBias))
    default: return nil
    }
  }

  private static let roles: [String: [TensorRole]] = [
    "attn_q": [.query], "attn_k": [.key], "attn_v": [.value],
    "attn_qkv": [.query, .key, .value], "attn_output": [.attentionOutput],
    "ffn_gate": [.gate], "ffn_up": [.up], "ffn_down": [.down], "ffn_gate_up": [.gate, .up],
    "ffn_gate_inp": [.router], "ffn_gate_inp_shexp": [.router], "attn_sinks": [.bias],
  ]
}
