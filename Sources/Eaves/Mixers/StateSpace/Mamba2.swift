import Quantities

/// Mamba-2, a state space with one decay a head (SSD): the sizes of one layer (docs/method.md 1).
public struct Mamba2: MixerShape {
  public static let technique = Technique(
    name: "mamba2", axis: .mixer,
    form: "\"kind\": \"mamba2\", with inner, state, conv, heads, head_dim, groups, chunk",
    summary: "A state space with a scalar decay a head: long steps are products of chunks.",
    equation:
      "one token: 5·d_i·N lane operations and H exps; longer steps in chunks of Q, a token: "
      + "2·Q·(g·N + d_i) + 4·d_i·N matrix FLOPs",
    conditions: ["one token a sequence is a recurrence on the lanes"],
    source: "Dao and Gu, Transformers are SSMs, 2024, sections 6 and 7")

  /// Channels (d_i), of all heads.
  public var inner: Int
  /// State of a channel (N).
  public var state: Int
  /// Tokens that the convolution sees (K).
  public var convolution: Int
  /// Heads (H), and the width of one.
  public var heads: Int
  public var headSize: Int
  /// Groups of heads that share B and C (g).
  public var groups: Int
  /// Tokens of a chunk (Q).
  public var chunk: Int
  public var hasConvolutionBias: Bool
  /// Whether the projections into and out of the mixer have biases.
  public var hasProjectionBias: Bool
  /// Whether a norm follows the gate.
  public var hasGatedNorm: Bool

  /// A layer, with a bias on the convolution alone and a norm after the gate.
  public init(
    state: Int, convolution: Int, heads: Int, headSize: Int, groups: Int = 1, chunk: Int = 256,
    hasConvolutionBias: Bool = true, hasProjectionBias: Bool = false, hasGatedNorm: Bool = true
  ) {
    inner = heads * headSize
    self.state = state
    self.convolution = convolution
    self.heads = heads
    self.headSize = headSize
    self.groups = groups
    self.chunk = chunk
    self.hasConvolutionBias = hasConvolutionBias
    self.hasProjectionBias = hasProjectionBias
    self.hasGatedNorm = hasGatedNorm
  }

  /// - Throws: where a field is missing or out of range, where the heads do not make up the inner width,
  ///   or groups do not divide the heads.
  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    let inner = try fields.integer("inner", in: ModelLimits.widths)
    self.init(
      state: try fields.integer("state", in: ModelLimits.heads),
      convolution: try fields.integer("conv", in: ModelLimits.convolutions),
      heads: try fields.integer("heads", in: ModelLimits.heads),
      headSize: try fields.integer("head_dim", in: ModelLimits.heads),
      groups: try fields.integer("groups", in: ModelLimits.heads),
      chunk: try fields.integer("chunk", in: ModelLimits.tokens),
      hasConvolutionBias: try fields.boolean("conv_bias", default: true),
      hasProjectionBias: try fields.boolean("proj_bias", default: false),
      hasGatedNorm: try fields.boolean("gated_norm", default: true))
    guard self.inner == inner else {
      throw fields.error(
        at: "inner", "\(heads) heads of \(headSize) are \(self.inner) wide, not \(inner)",
        remedy: "write heads times head_dim")
    }
    guard heads.isMultiple(of: groups) else {
      throw fields.error(
        at: "groups", "\(groups) groups cannot be shared equally by \(heads) heads",
        remedy: "write a divisor of \"heads\"")
    }
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerOutput: inner]
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer { Mamba2Mixer(self, place) }

  public var summary: String { "\(heads) heads of \(headSize), state \(state), chunks of \(chunk)" }

  /// Elements of B, or of C, of a token: g·N.
  var selectionWidth: Int { groups * state }

  /// Channels of the convolution: the input, B and C.
  var convolutionWidth: Int { inner + 2 * selectionWidth }
}

/// Projections, convolution, recurrence and gate of a Mamba-2 layer.
struct Mamba2Mixer: TokenMixer {
  let parts: [any Emitter]
  let stateBytes: Bytes

  init(_ shape: Mamba2, _ place: MixerPlace) {
    let formats = place.formats
    let convolution = ChannelFilter(
      channels: shape.convolutionWidth, length: shape.convolution,
      hasBias: shape.hasConvolutionBias, formats: formats)
    let recurrence = Mamba2Recurrence(shape, formats)
    stateBytes = convolution.stateBytes + recurrence.stateBytes
    let norm: [any Emitter] =
      shape.hasGatedNorm
      ? [
        MixerNorm(
          width: shape.inner, count: shape.groups, isGated: true, hasWeights: true,
          formats: formats)
      ] : []
    parts =
      [
        // The gate, the convolution's input and a step size a head.
        MixerProduct(
          .mixerInput, .mixerInput, from: place.hidden,
          to: shape.inner + shape.convolutionWidth + shape.heads,
          hasBias: shape.hasProjectionBias, formats),
        convolution, recurrence,
      ] + norm + [
        MixerProduct(
          .mixerOutput, .mixerOutput, from: shape.inner, to: place.hidden,
          hasBias: shape.hasProjectionBias, formats)
      ]
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}
