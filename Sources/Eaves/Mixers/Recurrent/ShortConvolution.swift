/// The gated short convolution of LFM2: no recurrence, only the last few tokens.
public struct ShortConvolution: MixerShape {
  public static let technique = Technique(
    name: "short_conv", axis: .mixer, form: "short_conv",
    summary: "LFM2's gated short convolution: B∘x, a filter over the last tokens, C∘ the result.",
    equation: "products 2·4·d² FLOPs a token; 2·K·d + 2·d lane operations; state (K − 1)·d",
    conditions: ["it sees no further than its taps: other layers must carry the context"],
    source: "transformers 5.23.0, modeling_lfm2.py, Lfm2ShortConv")

  /// Taps of the filter (K).
  public let taps: Int
  /// Whether both products and the filter have biases.
  public let hasBias: Bool

  /// A filter of some taps.
  public init(taps: Int, hasBias: Bool = false) {
    self.taps = taps
    self.hasBias = hasBias
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    taps = try fields.integer("kernel", in: 1...10_000)
    hasBias = try fields.boolean("bias", default: false)
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerOutput: hidden]
  }

  public var summary: String { "gated convolution of \(taps) taps" }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let (width, formats) = (place.hidden, place.formats)
    var filter = RowOperation(
      .convolution, .filter(taps: taps), width: width, vector: Double((2 * taps + 2) * width),
      formats)
    filter.read = 3 * width
    filter.vectors = taps * width
    filter.biases = hasBias ? width : 0
    return MixerParts(
      [
        MixerProduct(
          .mixerInput, .mixerInput, from: width, to: 3 * width, hasBias: hasBias, formats),
        filter,
        MixerProduct(
          .mixerOutput, .mixerOutput, from: width, to: width, hasBias: hasBias, formats),
      ], place)
  }
}
