/// One convolution over an image, with a batch normalisation and a nonlinearity.
public struct Convolution2D: ImageShape {
  public static let technique = Technique(
    name: "conv2d", axis: .mixer, form: "conv2d",
    summary: "A filter of k × k over all channels of an image.",
    equation: "2·k²·C·C′·H′·W′ FLOPs; bytes of the maps and the filter, each once",
    conditions: ["the model reads images of one size: there are no tokens to decode"],
    source: "Howard et al. 2017, MobileNets, section 3.1")

  public let input: FeatureMap
  public let outputChannels: Int
  /// Width of the filter, and how far apart its positions are.
  public let kernel: Int
  public let stride: Int
  public let hasNorm: Bool
  public let hasBias: Bool
  public let activation: Block.FeedForward.Activation?

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    self.init(
      input: try FeatureMap(reading: fields),
      outputChannels: try fields.integer("output_channels", in: ModelLimits.heads),
      kernel: try fields.integer("kernel", in: 1...1000),
      stride: try fields.optionalInteger("stride", in: 1...1000) ?? 1,
      hasNorm: try fields.boolean("norm", default: true),
      hasBias: try fields.boolean("bias", default: false),
      activation: try fields.optionalChoice("activation", of: Block.FeedForward.Activation.self))
  }

  /// The sizes in code.
  public init(
    input: FeatureMap, outputChannels: Int, kernel: Int, stride: Int = 1, hasNorm: Bool = true,
    hasBias: Bool = false, activation: Block.FeedForward.Activation?
  ) {
    self.input = input
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.stride = stride
    self.hasNorm = hasNorm
    self.hasBias = hasBias
    self.activation = activation
  }

  public func output(hidden: Int) -> FeatureMap {
    input.convolved(to: outputChannels, stride: stride)
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInner: kernel * kernel * input.channels]
  }

  public var summary: String {
    "convolution \(kernel) × \(kernel) from \(input) to \(output(hidden: 0))"
  }

  /// The first convolution of a model reads the image: it has no more channels than that.
  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    PartsMixer(
      parts: [
        Convolution(
          input, to: output(hidden: place.hidden), kernel: kernel, hasNorm: hasNorm,
          hasBias: hasBias, activation: activation, readsImage: input.channels == 3, place.formats)
      ], patternName: nil)
  }
}
