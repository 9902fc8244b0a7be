/// Retention: linear attention whose state decays, with a fixed rate a head or one made from the token.
public struct Retention: MixerShape {
  public static let technique = Technique(
    name: "retention", axis: .mixer, form: "retention",
    summary: "Linear attention with a decaying state and a gated norm in place of a normaliser.",
    equation:
      "5·d_k·d_v lane operations a token and head; chunks of C: 2·C·(d_k + d_v) + 4·d_k·d_v "
      + "FLOPs a token; state H·d_k·d_v in f32",
    conditions: [
      "the state stays in f32, and is read and written in every step",
      "trained in: a softmax model does not become a retentive one by itself",
    ],
    source:
      "Sun et al., Retentive Network, 2023, section 2; gated: Sun et al., You Only Cache Once, "
      + "2024, section 3.1")

  /// Heads, and the widths of a key and a value.
  public let heads: Int
  public let headSize: Int
  public let valueSize: Int
  /// Whether the decay of each head is made from the token.
  public let isGated: Bool
  /// Tokens of a chunk.
  public let chunk: Int

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    heads = try fields.integer("heads", in: ModelLimits.heads)
    headSize = try fields.integer("head_size", in: ModelLimits.heads)
    valueSize = try fields.optionalInteger("value_head_size", in: ModelLimits.heads) ?? headSize
    isGated = try fields.boolean("gated", default: false)
    chunk = try fields.chunk()
  }

  private var keyWidth: Int { heads * headSize }
  private var valueWidth: Int { heads * valueSize }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerOutput: valueWidth]
  }

  public var summary: String {
    (isGated ? "gated " : "") + "retention, \(heads) states of \(headSize) × \(valueSize)"
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let formats = place.formats
    // Queries and keys are rotated; a gated decay is a sigmoid a head.
    var rotation = RowOperation(
      .rotary, .pointwise, width: 2 * keyWidth, vector: Double(6 * keyWidth), formats)
    rotation.special = Double(isGated ? heads : 0)
    let gates = isGated ? heads : 0
    return MixerParts(
      [
        MixerProduct(
          .mixerInput, .mixerInput, from: place.hidden, to: 2 * keyWidth + 2 * valueWidth + gates,
          formats),
        rotation,
        MatrixState(
          heads: heads, keyWidth: headSize, valueWidth: valueSize, chunk: chunk,
          MatrixState.Rule(
            stateOperations: 5, pairVector: isGated ? 2 : 1, pairSpecial: isGated ? 1 : 0),
          read: 2 * keyWidth + valueWidth + gates, formats),
        RowOperation.outputGate(
          .silu, heads: heads, width: valueWidth, norm: .rms(weights: 0), formats),
        MixerProduct(
          .mixerOutput, .mixerOutput, from: valueWidth, to: place.hidden, formats),
      ], place)
  }
}
