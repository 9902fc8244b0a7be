import Eaves

/// What a tensor of a file is in its model.
enum TensorPlacement {
  /// Weights that a pass reads.
  case weights(Weights)
  /// A table of frequency factors for rotary positions.
  case rotaryFactors
  /// What no pass reads: buffers, parts that the model leaves out.
  case other

  /// Where weights belong.
  struct Weights {
    /// What they are for; several where tensors are stored as one (queries, keys and values).
    var roles: [TensorRole]
    /// The layer; nil outside the layers.
    var layer: Int?
    /// Whether they belong to experts of which a token uses some.
    var isExpert = false
    /// Whether they are of one expert alone.
    var isSingleExpert = false
    /// Whether they belong to the part beside the experts that every token uses.
    var isShared = false
    var isBias = false

    /// The slots they are stored in.
    var slots: [TensorSlot] {
      let role = isBias && roles != [.norm] ? [.bias] : roles
      return role.map { TensorSlot($0, layer: layer ?? 0, isExpert: isExpert && !isBias) }
    }
  }
}

extension Model {
  /// Whether a layer stands behind the last one and predicts further tokens (DeepSeek-V3, GLM 4.5).
  func leavesOut(layer: Int) -> Bool {
    layer >= layers.count && notes.contains { $0.contains("predict further tokens") }
  }

  /// How many elements a tensor must have by the shapes of the model; nil where only all of them together show
  /// it.
  func elements(of weights: TensorPlacement.Weights) -> Int? {
    guard !weights.isBias, !weights.roles.contains(.norm) else { return nil }
    var sum = 0
    for role in weights.roles {
      guard let size = elements(of: role, weights) else { return nil }
      sum += size
    }
    return sum
  }

  private func elements(of role: TensorRole, _ weights: TensorPlacement.Weights) -> Int? {
    guard let layer = weights.layer else {
      switch role {
      case .embedding where tokenTypes == 0 && perLayerEmbedding == nil:
        return vocabulary * (embeddingSize ?? hiddenSize)
      case .head: return vocabulary * hiddenSize
      default: return nil
      }
    }
    guard encoderLayers.isEmpty, layers.indices.contains(layer), let block = blocks[layers[layer]],
      block.mixers.isEmpty
    else { return nil }
    switch role {
    case .query, .key, .value, .attentionOutput:
      return block.attention.flatMap { elements(of: role, $0) }
    case .gate, .up, .down:
      return block.feedForward.map { part in
        if weights.isShared { return hiddenSize * part.sharedSize }
        let experts = part.experts > 0 && !weights.isSingleExpert ? part.experts : 1
        return hiddenSize * part.size * experts
      }
    default: return nil
    }
  }

  private func elements(of role: TensorRole, _ attention: Block.Attention) -> Int? {
    guard !attention.hasOutputGate, !attention.hasGlobalProjections else { return nil }
    let width = attention.inputSize ?? hiddenSize
    switch role {
    case .query: return width * attention.heads * attention.headSize
    case .key: return width * attention.kvHeads * attention.headSize
    case .value: return width * attention.kvHeads * attention.valueHeadSize
    default: return attention.heads * attention.valueHeadSize * hiddenSize
    }
  }
}
