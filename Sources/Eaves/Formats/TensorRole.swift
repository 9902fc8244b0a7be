/// Which tensor of a model a weight belongs to; what the rules of a weight scheme look at.
public enum TensorRole: UInt8, Sendable, Hashable, CaseIterable {
  case embedding, positionEmbedding, head
  case query, key, value, attentionOutput
  case gate, up, down
  case router
  case norm, bias
  /// Projections into and out of a recurrent mixer, and the small matrices between them.
  case mixerInput, mixerOutput, mixerInner
  /// Vectors and filters of a recurrent mixer: convolutions, decays, skips.
  case mixerVector

  /// Whether the tensor is one of the matrices that weight quantisation is about.
  public var isLinear: Bool {
    switch self {
    case .query, .key, .value, .attentionOutput, .gate, .up, .down, .mixerInput, .mixerOutput,
      .mixerInner:
      true
    case .embedding, .positionEmbedding, .head, .router, .norm, .bias, .mixerVector: false
    }
  }
}

/// One tensor as a weight scheme sees it.
public struct TensorPlace: Sendable, Hashable {
  /// What it is for.
  public var role: TensorRole
  /// Which layer it is in, from 0; 0 outside the layers.
  public var layer: Int
  /// How many layers the model has.
  public var layers: Int
  /// Elements in a row (the input dimension): blocks run along it.
  public var rowLength: Int
  /// Whether it belongs to one of several experts.
  public var isExpert: Bool
  /// Whether the embedding doubles as the output head.
  public var isTied: Bool
  /// Query heads that share one key-value head in its layer.
  public var sharing: Int
  /// Experts of its layer; 0 where the feed-forward part is dense.
  public var experts: Int
  /// How llama.cpp's quantiser sees it.
  public var file = FileView()

  /// A tensor's place in its model; unless said otherwise, of a dense model with heads shared by four.
  public init(
    role: TensorRole, layer: Int = 0, layers: Int, rowLength: Int, isExpert: Bool = false,
    isTied: Bool = false, sharing: Int = 4, experts: Int = 0
  ) {
    self.role = role
    self.layer = layer
    self.layers = layers
    self.rowLength = rowLength
    self.isExpert = isExpert
    self.isTied = isTied
    self.sharing = sharing
    self.experts = experts
  }
}

/// Groups of tensors that a model file may give a published format of their own.
public enum TensorGroup: String, Sendable, Hashable, CaseIterable {
  case embedding, attention, experts, head
  case feedForward = "feed_forward"

  /// The group a tensor belongs to; norms, biases and routers belong to none.
  init?(of tensor: TensorPlace) {
    switch tensor.role {
    case .embedding, .positionEmbedding: self = .embedding
    case .head: self = .head
    case .query, .key, .value, .attentionOutput, .mixerInput, .mixerOutput, .mixerInner:
      self = .attention
    case .gate, .up, .down: self = tensor.isExpert ? .experts : .feedForward
    case .router, .norm, .bias, .mixerVector: return nil
    }
  }
}
