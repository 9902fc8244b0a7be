/// A whole layer of an encoder at a width of its own, between a projection into it and one out of it.
///
/// Sun et al. 2020, MobileBERT, section 3.1.
///
/// The input of width d is projected to width w twice: once for the layer itself, once for queries and keys.
/// Values are projected from the input. Attention and several feed-forward parts follow at width w, each with
/// its norm; the result is projected back to d.
public struct BottleneckLayer: MixerShape {
  public static let technique = Technique(
    name: "bottleneck_layer", axis: .mixer, form: "bottleneck_layer",
    summary: "A layer of width w between projections from and to the model's width d.",
    equation: "3·d·w + d·w_v + f·2·w·F weights and products, with f feed-forwards of width F",
    conditions: ["The model must be trained with it."],
    source: "Sun et al. 2020, MobileBERT, section 3.1")

  /// Width inside (w).
  public let size: Int
  public let heads: Int
  public let headSize: Int
  /// Width of each feed-forward part (F), and how many there are (f).
  public let feedForward: Block.FeedForward
  public let feedForwards: Int

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    size = try fields.integer("size", in: ModelLimits.widths)
    heads = try fields.integer("heads", in: ModelLimits.heads)
    headSize = try fields.integer("head_size", in: ModelLimits.heads)
    feedForward = Block.FeedForward(
      size: try fields.integer("feed_forward_size", in: ModelLimits.widths), isGated: false,
      activation: try fields.optionalChoice("activation", of: Block.FeedForward.Activation.self)
        ?? .relu, hasBias: true)
    feedForwards = try fields.integer("feed_forwards", in: 1...1000)
  }

  /// The sizes in code.
  public init(
    size: Int, heads: Int, headSize: Int, feedForward: Block.FeedForward, feedForwards: Int
  ) {
    self.size = size
    self.heads = heads
    self.headSize = headSize
    self.feedForward = feedForward
    self.feedForwards = feedForwards
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [
      .mixerInput: hidden, .query: size, .key: size, .value: hidden,
      .attentionOutput: heads * headSize, .up: size, .down: feedForward.size, .mixerOutput: size,
    ]
  }

  public var label: String { "mha" }

  public var summary: String {
    "bottleneck of \(size): \(heads) heads of \(headSize), \(feedForwards) × "
      + "\(feedForward.activation.rawValue) of \(feedForward.size)"
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer { BottleneckMixer(self, place) }
}

/// The parts of a bottleneck layer.
private struct BottleneckMixer: TokenMixer {
  let attention: SoftmaxAttention
  let parts: [any Emitter]

  init(_ shape: BottleneckLayer, _ place: MixerPlace) {
    let (formats, hidden) = (place.formats, place.hidden)
    let inner = place.with(hidden: shape.size)
    var heads = Block.Attention(
      heads: shape.heads, kvHeads: shape.heads, headSize: shape.headSize, hasQKVBias: true,
      hasOutputBias: true)
    heads.inputSize = shape.size
    let width = heads.queryWidth
    attention = SoftmaxAttention(
      heads, inner, pattern: inner.pattern(of: heads), keepsCache: place.keepsCache,
      projections: [
        PlainProjection(.qkv, .query, from: shape.size, to: 2 * width, formats),
        PlainProjection(.qkv, .value, from: hidden, to: width, formats),
      ])
    var parts: [any Emitter] = [
      PlainProjection(.mixerInput, .mixerInput, from: hidden, to: 2 * shape.size, formats),
      inner.norm(.attentionNorm, count: 2, addsResidual: false),
    ]
    parts += attention.parts
    parts.append(inner.norm(.feedForwardNorm, addsResidual: true))
    let feedForward = DenseFeedForward(
      hidden: shape.size, shape: shape.feedForward, formats: formats)
    for _ in 0..<shape.feedForwards {
      parts += feedForward.parts
      parts.append(inner.norm(.feedForwardNorm, addsResidual: true))
    }
    parts += [
      PlainProjection(.mixerOutput, .mixerOutput, from: shape.size, to: hidden, formats),
      place.norm(.feedForwardNorm, addsResidual: true),
    ]
    self.parts = parts
  }

  var patternName: String? { attention.patternName }
  var cacheName: String? { attention.cacheName }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}
