extension Operation.ID {
  /// The name in reports.
  public var name: String {
    switch self {
    case .embedding: "embedding"
    case .embeddingNorm: "embedding norm"
    case .inputConvolution: "input convolution"
    case .embeddingProjection: "embedding projection"
    case .attentionNorm: "attention norm"
    case .qkv: "query, key, value"
    case .rotary: "rotary, cache write"
    case .scores: "attention scores"
    case .softmax: "softmax"
    case .weightedSum: "weighted sum"
    case .attention: "attention"
    case .attentionOutput: "attention output"
    case .feedForwardNorm: "feed-forward norm"
    case .router: "router"
    case .gateUp: "gate, up"
    case .activation: "activation"
    case .down: "down"
    case .finalNorm: "final norm"
    case .pooler: "pooler"
    case .head: "output head"
    case .sampling: "sampling"
    case .keySelection: "key selection"
    case .cacheUpkeep: "cache upkeep"
    case .outputGate: "output gate"
    case .mixerInput: "mixer input"
    case .convolution: "convolution"
    case .mixerInner: "mixer inner projections"
    case .mixerNorm: "mixer norm"
    case .scan: "recurrence"
    case .mixerOutput: "mixer output"
    case .adapter: "adapter"
    case .latentQuery: "latent query"
    case .latentKeyValue: "latent key, value"
    case .latentExpansion: "latent expansion"
    case .latentAbsorption: "latent absorption"
    case .sourceKeyValue: "source key, value"
    case .residualPath: "residual paths"
    case .perLayerInput: "per-layer input"
    case .patchEmbedding: "patch embedding"
    case .unfold: "unfold, fold"
    case .collective: "exchange between devices"
    case .neuronPredictor: "neuron predictor"
    case .expertTransfer: "experts over a link"
    }
  }

  /// The group that `bound` reports it under.
  public var group: Group {
    switch self {
    case .embedding, .embeddingNorm, .embeddingProjection, .inputConvolution, .perLayerInput,
      .patchEmbedding:
      .embedding
    case .qkv, .attentionOutput, .outputGate, .latentQuery, .latentKeyValue, .sourceKeyValue,
      .adapter, .residualPath:
      .projections
    case .rotary, .scores, .softmax, .weightedSum, .attention, .keySelection, .cacheUpkeep,
      .latentExpansion, .latentAbsorption:
      .attention
    case .mixerInput, .convolution, .mixerInner, .mixerNorm, .scan, .mixerOutput, .unfold: .mixer
    case .router, .gateUp, .activation, .down, .neuronPredictor: .feedForward
    case .attentionNorm, .feedForwardNorm, .finalNorm: .norms
    case .pooler, .head, .sampling: .head
    case .collective, .expertTransfer: .exchange
    }
  }

  /// Groups of operations in reports.
  public enum Group: String, Sendable, CaseIterable {
    case embedding, projections, attention
    case mixer = "token mixer"
    case feedForward = "feed-forward"
    case norms
    case head = "output head"
    case exchange
  }

  /// What fusing it is called in a runtime; `nil` for what always is a kernel of its own.
  public var fusion: Operation.Fusion? {
    switch self {
    case .attentionNorm, .feedForwardNorm, .finalNorm, .embeddingNorm, .mixerNorm: .norm
    case .rotary: .rotary
    case .activation, .outputGate: .activation
    case .sampling: .sampling
    case .embedding: .embedding
    case .embeddingProjection, .qkv, .gateUp, .scores, .softmax, .weightedSum, .attention,
      .attentionOutput, .router,
      .down, .pooler, .head, .keySelection, .cacheUpkeep, .mixerInput, .convolution, .mixerInner,
      .scan, .mixerOutput, .adapter, .latentQuery, .latentKeyValue, .latentExpansion,
      .latentAbsorption, .sourceKeyValue, .inputConvolution, .residualPath,
      .perLayerInput, .patchEmbedding,
      .unfold, .collective, .neuronPredictor, .expertTransfer:
      nil
    }
  }
}

extension Operation {
  /// What a runtime may fuse: operations that cost no launch and no memory traffic of their own, and products
  /// that are one kernel instead of several.
  public enum Fusion: String, Sendable, Hashable, CaseIterable {
    case norm, rotary, residual, activation, sampling, embedding, qkv
    case gateUp = "gate_up"
  }
}
