/// The time mixing of RWKV-4: a recurrence of vectors with a decay for each channel.
public struct RWKV4: MixerShape {
  public static let technique = Technique(
    name: "rwkv4", axis: .mixer, form: "rwkv4",
    summary: "RWKV-4: a decaying average of values, weighted by exp of keys, channel by channel.",
    equation: "matrices 4·2·d² FLOPs a token; wkv 19·d lane operations and 4·d exp; "
      + "state 4·d in f32, and d in the channel mixing",
    conditions: [
      "a prefill is a scan, token by token: no product of it suits a matrix engine",
      "the state stays in f32, and is read and written in every step",
    ],
    source: "Peng et al., RWKV: Reinventing RNNs for the Transformer Era, 2023, section 3")

  /// The time mixing of RWKV-4.
  public init() {}

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {}

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerOutput: hidden]
  }

  public var summary: String { "RWKV-4 time mixing" }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let (width, formats) = (place.hidden, place.formats)
    var wkv = RowOperation(.scan, .recurrence, width: width, vector: Double(19 * width), formats)
    wkv.special = Double(4 * width)
    wkv.read = 2 * width
    // Decay and bonus; numerator, denominator and largest exponent.
    wkv.vectors = 2 * width
    wkv.wideState = 3 * width
    return MixerParts(
      [
        RowOperation.tokenShift(width: width, mixes: 3, isWide: true, formats),
        MixerProduct(
          .mixerInput, .mixerInput, from: width, to: 3 * width, read: 3 * width, formats),
        wkv,
        RowOperation.sigmoidGate(width: width, formats),
        MixerProduct(.mixerOutput, .mixerOutput, from: width, to: width, formats),
      ], place)
  }
}
