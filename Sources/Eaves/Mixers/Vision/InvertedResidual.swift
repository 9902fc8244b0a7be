/// Channels widened, filtered one by one and narrowed again.
///
/// Sandler et al. 2018, MobileNetV2, section 3.3.
///
/// Each of the three convolutions has a batch normalisation, the first two a nonlinearity; the input is added
/// where input and output have the same size.
public struct InvertedResidual: ImageShape {
  public static let technique = Technique(
    name: "inverted_residual", axis: .mixer, form: "inverted_residual",
    summary: "1 × 1 to t·C channels, depthwise 3 × 3, 1 × 1 to C′ channels.",
    equation: "2·C·tC·H·W + 2·tC·C′·H′·W′ FLOPs, 2·9·tC·H′·W′ lane operations",
    conditions: ["the depthwise filters run on lanes: no matrix engine speeds them up"],
    source: "Sandler et al. 2018, MobileNetV2, section 3.3")

  public let input: FeatureMap
  public let outputChannels: Int
  public let stride: Int
  /// Channels between the convolutions (t·C, rounded to whole eights by most models).
  public let expandedChannels: Int
  public let activation: Block.FeedForward.Activation

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    self.init(
      input: try FeatureMap(reading: fields),
      outputChannels: try fields.integer("output_channels", in: ModelLimits.heads),
      stride: try fields.optionalInteger("stride", in: 1...1000) ?? 1,
      expandedChannels: try fields.integer("expanded_channels", in: ModelLimits.heads),
      activation: try fields.optionalChoice("activation", of: Block.FeedForward.Activation.self)
        ?? .silu)
  }

  /// The sizes in code.
  public init(
    input: FeatureMap, outputChannels: Int, stride: Int = 1, expandedChannels: Int,
    activation: Block.FeedForward.Activation = .silu
  ) {
    self.input = input
    self.outputChannels = outputChannels
    self.stride = stride
    self.expandedChannels = expandedChannels
    self.activation = activation
  }

  public func output(hidden: Int) -> FeatureMap {
    input.convolved(to: outputChannels, stride: stride)
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInner: input.channels, .mixerVector: 9]
  }

  public var summary: String {
    "inverted residual from \(input) over \(expandedChannels) channels to \(output(hidden: 0))"
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let wide = input.convolved(to: expandedChannels)
    let filtered = input.convolved(to: expandedChannels, stride: stride)
    let output = output(hidden: place.hidden)
    return PartsMixer(
      parts: [
        Convolution(input, to: wide, kernel: 1, activation: activation, place.formats),
        Convolution(
          wide, to: filtered, kernel: 3, isDepthwise: true, activation: activation, place.formats),
        Convolution(
          filtered, to: output, kernel: 1, activation: nil, addsResidual: input == output,
          place.formats),
      ], patternName: nil)
  }
}
