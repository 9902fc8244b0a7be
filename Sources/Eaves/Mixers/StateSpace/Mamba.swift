import Quantities

/// Mamba, a selective state space (S6): the sizes of one layer (docs/method.md 1).
///
/// Each of d_i channels has a state of N numbers whose decay, input and output depend on the token.
public struct Mamba: MixerShape {
  /// Norms on the step sizes, B and C between the inner projections.
  public enum InnerNorms: String, Sendable, Hashable, CaseIterable {
    case none
    /// Without weights (Falcon Mamba).
    case weightless
    /// With a weight an element (Jamba).
    case weighted
  }

  public static let technique = Technique(
    name: "mamba", axis: .mixer,
    form: "\"kind\": \"mamba\", with inner, state, conv, dt_rank",
    summary: "A selective state space: a state of fixed size instead of a cache.",
    equation: "scan a token and layer: d_i·N exps, 6·d_i·N + d_i lane operations; "
      + "state d_i·N in f32 and (K − 1)·d_i of the convolution",
    conditions: ["the scan runs on lanes and special functions: no matrix engine speeds it up"],
    source: "Gu and Dao, Mamba: Linear-Time Sequence Modeling with Selective State Spaces, 2023")

  /// Channels (d_i).
  public var inner: Int
  /// State of a channel (N).
  public var state: Int
  /// Tokens that the convolution sees (K).
  public var convolution: Int
  /// Inner width of the projection of the step sizes.
  public var stepRank: Int
  public var hasConvolutionBias: Bool
  /// Whether the projections into and out of the mixer have biases.
  public var hasProjectionBias: Bool
  public var innerNorms: InnerNorms

  /// A layer, with a bias on the convolution alone.
  public init(
    inner: Int, state: Int, convolution: Int, stepRank: Int, hasConvolutionBias: Bool = true,
    hasProjectionBias: Bool = false, innerNorms: InnerNorms = .none
  ) {
    self.inner = inner
    self.state = state
    self.convolution = convolution
    self.stepRank = stepRank
    self.hasConvolutionBias = hasConvolutionBias
    self.hasProjectionBias = hasProjectionBias
    self.innerNorms = innerNorms
  }

  /// - Throws: where a field is missing or out of range.
  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    self.init(
      inner: try fields.integer("inner", in: ModelLimits.widths),
      state: try fields.integer("state", in: ModelLimits.heads),
      convolution: try fields.integer("conv", in: ModelLimits.convolutions),
      stepRank: try fields.integer("dt_rank", in: ModelLimits.heads),
      hasConvolutionBias: try fields.boolean("conv_bias", default: true),
      hasProjectionBias: try fields.boolean("proj_bias", default: false),
      innerNorms: try fields.optionalChoice("inner_norms", of: InnerNorms.self) ?? .none)
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerInner: inner, .mixerOutput: inner]
  }

  public func fileTensors(hidden: Int) -> [FileTensor] {
    [
      FileTensor(.mixerInner, rowLength: inner, elements: selectionWidth * inner),
      FileTensor(.mixerInner, rowLength: stepRank, elements: stepRank * inner),
    ]
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer { MambaMixer(self, place) }

  public var summary: String {
    "\(inner) channels, state \(state), convolution over \(convolution)"
  }

  /// Columns of the inner projection: step sizes, B and C.
  var selectionWidth: Int { stepRank + 2 * state }
}

/// Projections, convolution and scan of a Mamba layer.
struct MambaMixer: TokenMixer {
  let parts: [any Emitter]
  let stateBytes: Bytes

  init(_ shape: Mamba, _ place: MixerPlace) {
    let formats = place.formats
    let convolution = ChannelFilter(
      channels: shape.inner, length: shape.convolution, hasBias: shape.hasConvolutionBias,
      formats: formats)
    let scan = MambaScan(shape, formats)
    stateBytes = convolution.stateBytes + scan.stateBytes
    let norms: [any Emitter] =
      shape.innerNorms == .none
      ? []
      : [
        MixerNorm(
          width: shape.selectionWidth, count: 3, isGated: false,
          hasWeights: shape.innerNorms == .weighted, formats: formats)
      ]
    parts =
      [
        MixerProduct(
          .mixerInput, .mixerInput, from: place.hidden, to: 2 * shape.inner,
          hasBias: shape.hasProjectionBias, formats),
        convolution,
        MixerProduct(
          .mixerInner, .mixerInner, from: shape.inner, to: shape.selectionWidth,
          formats),
      ] + norms + [
        MixerProduct(
          .mixerInner, .mixerInner, from: shape.stepRank, to: shape.inner, hasBias: true,
          formats),
        scan,
        MixerProduct(
          .mixerOutput, .mixerOutput, from: shape.inner, to: place.hidden,
          hasBias: shape.hasProjectionBias, formats),
      ]
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}
