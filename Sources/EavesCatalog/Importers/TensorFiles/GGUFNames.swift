import Eaves

/// What the tensors of a GGUF file are, by their names.
///
/// Source: `TENSOR_NAMES` in `constants.py` of `gguf-py`.
struct GGUFNames {
  private let names: Set<String>

  init(_ tensors: [StoredTensor]) { names = Set(tensors.map(\.name)) }

  /// What a tensor is in a model; nil where nothing of that name is known.
  func placement(of tensor: StoredTensor, in model: Model) -> TensorPlacement? {
    var parts = tensor.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    // Scales of whole tensors beside their blocks (NVFP4, BitNet).
    if ["scale", "input_scale"].contains(parts.last) { return .other }
    let isBias = parts.last == "bias"
    if parts.last == "weight" || isBias {
      parts.removeLast()
    } else if parts.count != 3 || !Self.withoutEnding.contains(parts[2]) {
      return nil
    }
    let stack = parts.first == "enc" || parts.first == "dec" ? parts.removeFirst() : ""
    guard parts.first == "blk" else { return Self.outside(parts, isBias: isBias, stack) }
    guard parts.count >= 3, let layer = Int(parts[1]), layer >= 0 else { return nil }
    if stack.isEmpty, model.leavesOut(layer: layer) { return .other }
    var weights = TensorPlacement.Weights(roles: [], layer: layer, isBias: isBias)
    var name = parts[2]
    if parts.count == 4, Int(parts[3]) != nil {
      // Older files have a tensor for every expert.
      weights.isSingleExpert = true
      weights.isExpert = true
    } else if parts.count > 3 {
      name = parts[2...].joined(separator: ".")
    }
    let place = Place(names: names, prefix: "\(stack.isEmpty ? "" : stack + ".")blk.\(layer).")
    return placement(name, &weights, place, model)
  }

  /// A layer's names.
  private struct Place {
    let names: Set<String>
    let prefix: String

    func has(_ name: String) -> Bool { names.contains(prefix + name) }
  }

  private func placement(
    _ whole: String, _ weights: inout TensorPlacement.Weights, _ place: Place, _ model: Model
  ) -> TensorPlacement? {
    var name = whole
    let layer = weights.layer ?? 0
    let block = model.layers.indices.contains(layer) ? model.blocks[model.layers[layer]] : nil
    let part = block?.feedForward
    if let stem = Self.stem(of: name, without: "_exps"), stem != "ffn_norm" {
      name = stem
      weights.isExpert = true
    } else if let stem = Self.stem(of: name, without: "_shexp") {
      name = stem
      weights.isShared = true
    } else if !weights.isSingleExpert, part.map({ $0.experts > 0 }) ?? false {
      // A dense part beside experts is what every token uses.
      weights.isShared = ["ffn_gate", "ffn_up", "ffn_down"].contains(name)
    }
    if Self.isUnused(name, block, place) { return .other }
    if name == "exp_probs_b" {
      weights.isBias = true
      weights.roles = [.bias]
    } else if name.contains("norm") || name == "time_mix_ln" {
      weights.roles = [.norm]
    } else if let role = Self.role(name, of: block) {
      weights.roles = [role]
      if name == "ssm_dt", role == .mixerVector { weights.isBias = false }
    } else if name == "ffn_up", let part, part.isGated, part.experts == 0,
      !place.has("ffn_gate.weight")
    {
      weights.roles = [.gate, .up]
    } else if let roles = Self.roles[name] {
      weights.roles = roles
    } else {
      return nil
    }
    return .weights(weights)
  }

  /// What files hold and no pass reads.
  private static func isUnused(_ name: String, _ block: Block?, _ place: Place) -> Bool {
    switch name {
    case "attn_rot_embd", "cross_attn_rel_b": return true
    case "attn_k", "attn_v", "attn_k_norm": return block?.attention?.sharesCache ?? false
    // Files with both have one matrix twice.
    case "attn_kv_b": return place.has("attn_k_b.weight")
    case "time_mix_v0", "time_mix_v1", "time_mix_v2":
      return block?.mixers.contains { ($0.shape as? RWKV7)?.valueRank == 0 } ?? false
    default: return false
    }
  }

  /// The role of a name that means something else in layers of some kinds.
  private static func role(_ name: String, of block: Block?) -> TensorRole? {
    let shapes = block?.mixers.map(\.shape) ?? []
    if name == "ssm_dt" {
      // Only Mamba makes step sizes by a product with a bias of its own.
      return shapes.contains { $0 is Mamba } ? nil : .mixerVector
    }
    guard shapes.contains(where: { $0 is GatedDeltaNet || $0 is KimiDelta }) else { return nil }
    switch name {
    case "attn_qkv", "attn_gate", "attn_q", "attn_k", "attn_v": return .mixerInput
    case "attn_output": return .mixerOutput
    default: return nil
    }
  }

  private static func stem(of name: String, without ending: String) -> String? {
    name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : nil
  }

  private static func outside(
    _ parts: [String], isBias: Bool, _ stack: String
  ) -> TensorPlacement? {
    guard parts.count == 1 || parts.first == "cls" else { return nil }
    switch parts[0] {
    case "rope_freqs", "rope_factors_long", "rope_factors_short": return .rotaryFactors
    // Heads of single tasks.
    case "cls", "dense_2", "dense_3": return .other
    case "token_embd", "per_layer_token_embd": return .weights(.init(roles: [.embedding]))
    case "position_embd", "token_types": return .weights(.init(roles: [.positionEmbedding]))
    case "output": return .weights(.init(roles: [.head], isBias: isBias))
    case "output_norm", "token_embd_norm", "per_layer_proj_norm":
      return .weights(.init(roles: [.norm], isBias: isBias))
    case "per_layer_model_proj", "altup_proj", "altup_unembd_proj":
      return .weights(.init(roles: [.mixerInput]))
    default: return nil
    }
  }

  /// Names that stand without ".weight" behind them.
  private static let withoutEnding: Set<String> = ["ssm_a", "ssm_d", "exp_probs_b"]

  private static let roles: [String: [TensorRole]] = [
    "attn_q": [.query], "attn_k": [.key], "attn_v": [.value], "attn_gate": [.query],
    "attn_qkv": [.query, .key, .value], "attn_output": [.attentionOutput],
    "attn_o": [.attentionOutput], "cross_attn_q": [.query], "cross_attn_k": [.key],
    "cross_attn_v": [.value], "cross_attn_o": [.attentionOutput], "attn_rel_b": [.bias],
    "attn_q_a": [.mixerInput], "attn_q_b": [.query], "attn_kv_a_mqa": [.mixerInput],
    "attn_kv_b": [.mixerInner], "attn_k_b": [.mixerInner], "attn_v_b": [.mixerInner],
    "ffn_gate": [.gate], "ffn_up": [.up], "ffn_down": [.down], "ffn_gate_up": [.gate, .up],
    "ffn_gate_inp": [.router], "ffn_gate_inp_shexp": [.router], "attn_sinks": [.bias],
    "ssm_in": [.mixerInput], "ssm_out": [.mixerOutput], "ssm_x": [.mixerInner],
    "ssm_dt": [.mixerInner], "ssm_conv1d": [.mixerVector], "ssm_a": [.mixerVector],
    "ssm_d": [.mixerVector], "ssm_ba": [.mixerInput], "ssm_alpha": [.mixerInput],
    "ssm_beta": [.mixerInput], "ssm_f_a": [.mixerInner], "ssm_f_b": [.mixerInner],
    "ssm_g_a": [.mixerInner], "ssm_g_b": [.mixerInner], "ssm_conv1d_q": [.mixerVector],
    "ssm_conv1d_k": [.mixerVector], "ssm_conv1d_v": [.mixerVector],
    "shortconv.conv": [.mixerVector], "shortconv.in_proj": [.mixerInput],
    "shortconv.out_proj": [.mixerOutput], "inp_gate": [.mixerInput], "proj": [.mixerOutput],
    "laurel_l": [.mixerInput], "laurel_r": [.mixerOutput], "altup_router": [.mixerInner],
    "altup_correct_coef": [.mixerVector], "altup_correct_scale": [.mixerVector],
    "altup_predict_coef": [.mixerVector], "time_mix_key": [.mixerInput],
    "time_mix_value": [.mixerInput], "time_mix_receptance": [.mixerInput],
    "time_mix_gate": [.mixerInput], "time_mix_output": [.mixerOutput],
    "time_mix_w1": [.mixerInner], "time_mix_w2": [.mixerInner], "time_mix_a1": [.mixerInner],
    "time_mix_a2": [.mixerInner], "time_mix_v1": [.mixerInner], "time_mix_v2": [.mixerInner],
    "time_mix_g1": [.mixerInner], "time_mix_g2": [.mixerInner],
    "time_mix_decay_w1": [.mixerInner], "time_mix_decay_w2": [.mixerInner],
    "time_mix_w0": [.mixerVector], "time_mix_a0": [.mixerVector], "time_mix_v0": [.mixerVector],
    "time_mix_k_k": [.mixerVector], "time_mix_k_a": [.mixerVector], "time_mix_r_k": [.mixerVector],
    "time_mix_first": [.mixerVector], "time_mix_decay": [.mixerVector],
    "time_mix_lerp_fused": [.mixerVector], "time_mix_lerp_x": [.mixerVector],
    "time_mix_lerp_k": [.mixerVector], "time_mix_lerp_v": [.mixerVector],
    "time_mix_lerp_r": [.mixerVector], "time_mix_lerp_g": [.mixerVector],
    "time_mix_lerp_w": [.mixerVector], "channel_mix_lerp_k": [.mixerVector],
    "channel_mix_lerp_r": [.mixerVector], "channel_mix_key": [.up],
    "channel_mix_receptance": [.gate], "channel_mix_value": [.down],
  ]
}
