/// One kind of layer: token mixers, a feed-forward part and norms.
public struct Block: Sendable, Hashable {
  /// Softmax attention, where the layer has it.
  public var attention: Attention?
  /// Other mixers of the layer, beside or after attention.
  public var mixers: [AnyMixerShape]
  public var feedForward: FeedForward?
  /// Norm vectors of the model's width, before and after the parts.
  public var norms: Int
  /// Whether attention and feed-forward read the same normalised input (Falcon, Phi-2).
  public var isParallel: Bool
  /// Further norm vectors of other widths (BitNet's sub-layer norms).
  public var extraNormSizes: [Int]
  /// How many sets of weights all layers of this kind have between them; `nil` where each has its own
  /// (ALBERT: 1 for twelve layers).
  public var weightSets: Int?
  /// Whether a prefill computes only the rows whose logits are wanted (the cross-decoder of YOCO).
  public var isSkippedInPrefill: Bool

  /// A layer.
  public init(
    attention: Attention?, mixers: [AnyMixerShape] = [], feedForward: FeedForward?,
    norms: Int = 2, isParallel: Bool = false, extraNormSizes: [Int] = [], weightSets: Int? = nil,
    isSkippedInPrefill: Bool = false
  ) {
    self.attention = attention
    self.mixers = mixers
    self.feedForward = feedForward
    self.norms = norms
    self.isParallel = isParallel
    self.extraNormSizes = extraNormSizes
    self.weightSets = weightSets
    self.isSkippedInPrefill = isSkippedInPrefill
  }

  /// Softmax attention: how many heads share what, and which keys are read.
  public struct Attention: Sendable, Hashable {
    /// Norms on queries and keys.
    public enum QKNorm: String, Sendable, Hashable, CaseIterable {
      case none
      /// One vector of a head's width each for queries and keys.
      case head
      /// One vector over all heads each.
      case full
    }

    /// Query heads (H).
    public var heads: Int
    /// Key-value heads (G): H is MHA, 1 is MQA, between is GQA.
    public var kvHeads: Int
    /// Width of a query and a key; given, never derived from the model's width.
    public var headSize: Int
    /// Width of a value.
    public var valueHeadSize: Int
    /// Tokens that a token sees, itself included; `nil` for all.
    public var window: Int?
    /// Another pattern than a window, as text that `PatternList` reads ("longformer:512:global=1").
    public var pattern: String?
    /// Width of what queries, keys and values are projected from; `nil` for the model's width.
    public var inputSize: Int?
    /// Whether keys and values are those of an earlier layer: no projection, no cache of its own.
    public var sharesCache: Bool
    /// Whether a gate of the output's width, projected from the input, multiplies the result.
    public var hasOutputGate: Bool
    /// Whether global tokens have projections of their own (Longformer).
    public var hasGlobalProjections: Bool
    public var hasQKVBias: Bool
    /// Whether keys have a bias where queries and values have one (Whisper's have none).
    public var hasKeyBias: Bool
    public var hasOutputBias: Bool
    public var qkNorm: QKNorm
    /// One learned scalar a head in the softmax's denominator (gpt-oss).
    public var hasSinks: Bool
    /// Whether a bias by head and distance is added to the scores (T5).
    public var hasPositionBias: Bool
    /// Rows of the table of those biases where it is this layer's; others of its stack use the same.
    public var positionBuckets: Int

    /// Attention of one layer.
    public init(
      heads: Int, kvHeads: Int, headSize: Int, valueHeadSize: Int? = nil, window: Int? = nil,
      hasQKVBias: Bool = false, hasOutputBias: Bool = false, qkNorm: QKNorm = .none,
      hasSinks: Bool = false
    ) {
      self.heads = heads
      self.kvHeads = kvHeads
      self.headSize = headSize
      self.valueHeadSize = valueHeadSize ?? headSize
      self.window = window
      self.hasQKVBias = hasQKVBias
      self.hasOutputBias = hasOutputBias
      self.qkNorm = qkNorm
      self.hasSinks = hasSinks
      hasKeyBias = true
      sharesCache = false
      hasOutputGate = false
      hasGlobalProjections = false
      hasPositionBias = false
      positionBuckets = 0
    }

    /// The name of the head sharing: "mha", "gqa:8", "mqa".
    public var sharing: String {
      kvHeads == heads ? "mha" : kvHeads == 1 ? "mqa" : "gqa:\(kvHeads)"
    }
  }

  /// A feed-forward part, dense or a mixture of experts.
  public struct FeedForward: Sendable, Hashable {
    /// The nonlinearity.
    public enum Activation: String, Sendable, Hashable, CaseIterable {
      case silu, gelu, relu
      case reluSquared = "relu_squared"
    }

    /// Width (F), of one expert where there are several.
    public var size: Int
    /// Three matrices (gate, up, down) rather than two.
    public var isGated: Bool
    public var activation: Activation
    public var hasBias: Bool
    /// Experts; 0 for a dense part.
    public var experts: Int
    /// Experts that one token uses.
    public var expertsPerToken: Int
    public var routerHasBias: Bool
    /// Width of a dense part that every token uses beside the experts.
    public var sharedSize: Int
    /// Over how many devices the experts are spread.
    public var expertDevices: Int
    /// Whether a sigmoid of one learned product a token multiplies what that part gives (Qwen).
    public var hasSharedGate = false
    /// Whether gate and up have biases where the product back has one (Jina's encoder: not).
    public var hasInnerBias = true

    /// A feed-forward part.
    public init(
      size: Int, isGated: Bool, activation: Activation, hasBias: Bool = false, experts: Int = 0,
      expertsPerToken: Int = 0, routerHasBias: Bool = false, sharedSize: Int = 0
    ) {
      self.size = size
      self.isGated = isGated
      self.activation = activation
      self.hasBias = hasBias
      self.experts = experts
      self.expertsPerToken = expertsPerToken
      self.routerHasBias = routerHasBias
      self.sharedSize = sharedSize
      expertDevices = 1
    }
  }
}
