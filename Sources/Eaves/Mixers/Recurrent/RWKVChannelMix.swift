/// The channel mixing of RWKV, its feed-forward part: squared ReLU, and a receptance in RWKV-4 to 6.
///
/// It mixes each token with the one before, so it has a state, and is a mixer here.
public struct RWKVChannelMix: MixerShape {
  public static let technique = Technique(
    name: "rwkv_channel_mix", axis: .mixer, form: "rwkv_channel_mix",
    summary: "RWKV's feed-forward part: squared ReLU after a token shift, gated by a receptance.",
    equation: "2·(d·F)·2 + 2·d² FLOPs a token, the last term for the receptance; state d",
    conditions: ["the token before is kept, and is read and written in every step"],
    source: "Peng et al., RWKV: Reinventing RNNs for the Transformer Era, 2023, section 3.1")

  /// Inner width (F).
  public let size: Int
  /// Whether a sigmoid of a further d × d product multiplies the result.
  public let hasReceptance: Bool
  /// Whether the earlier token is kept in 32 bits (RWKV-4).
  public let hasWideState: Bool

  /// Channel mixing of some inner width.
  public init(size: Int, hasReceptance: Bool = true, hasWideState: Bool = false) {
    self.size = size
    self.hasReceptance = hasReceptance
    self.hasWideState = hasWideState
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    size = try fields.integer("size", in: ModelLimits.widths)
    hasReceptance = try fields.boolean("receptance", default: true)
    hasWideState = try fields.boolean("f32_state", default: false)
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.up: hidden, .gate: hidden, .down: size]
  }

  /// Not seen as a feed-forward part.
  public func fileTensors(hidden: Int) -> [FileTensor] {
    [
      FileTensor(.up, as: .mixerInner, rowLength: hidden, elements: size * hidden),
      FileTensor(.gate, as: .mixerInner, rowLength: hidden, elements: hidden * hidden),
      FileTensor(.down, as: .mixerInner, rowLength: size, elements: size * hidden),
    ]
  }

  public var summary: String {
    "channel mixing of \(size)" + (hasReceptance ? " with receptance" : "")
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let (width, formats) = (place.hidden, place.formats)
    var parts: [any Emitter] = [
      RowOperation.tokenShift(
        width: width, mixes: hasReceptance ? 2 : 1, isWide: hasWideState, formats),
      MixerProduct(.gateUp, .up, from: width, to: size, formats),
      RowOperation(.activation, .pointwise, width: size, vector: Double(2 * size), formats),
      MixerProduct(.down, .down, from: size, to: width, formats),
    ]
    if hasReceptance {
      parts += [
        MixerProduct(.gateUp, .gate, from: width, to: width, formats),
        RowOperation.sigmoidGate(width: width, formats),
      ]
    }
    return MixerParts(parts, place)
  }
}
