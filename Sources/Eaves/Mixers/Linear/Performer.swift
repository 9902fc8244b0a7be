/// Linear attention whose features are positive random ones, which approximate the softmax.
public struct Performer: MixerShape {
  public static let technique = Technique(
    name: "performer", axis: .mixer, form: "performer",
    summary: "FAVOR+: m random features whose product approximates the softmax kernel.",
    equation: "feature map 2·n·d·m FLOPs each for queries and keys of a head, 2·n·m exp; then "
      + "linear attention with f = m; one projection of d·m weights a layer",
    conditions: [
      "the error falls slowly with m: exact retrieval suffers",
      "fewer FLOPs than softmax attention only where there are more tokens than features",
      "the state of a causal model stays in f32, and is read and written in every step",
    ],
    source: "Choromanski et al., Rethinking Attention with Performers, 2021, section 2")

  /// Heads and their width.
  public let heads: Int
  public let headSize: Int
  /// Random features (m).
  public let features: Int
  public let hasQKVBias: Bool
  public let hasOutputBias: Bool
  /// Tokens of a chunk.
  public let chunk: Int

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    heads = try fields.integer("heads", in: ModelLimits.heads)
    headSize = try fields.integer("head_size", in: ModelLimits.heads)
    features = try fields.optionalInteger("features", in: ModelLimits.widths) ?? 256
    hasQKVBias = try fields.boolean("qkv_bias", default: false)
    hasOutputBias = try fields.boolean("output_bias", default: false)
    chunk = try fields.chunk()
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    projections.rowLengths(hidden: hidden).merging([.mixerInner: headSize]) { own, _ in own }
  }

  public var summary: String { "Performer, \(heads) heads of \(features) random features" }

  private var projections: Block.Attention {
    Block.Attention(
      heads: heads, kvHeads: heads, headSize: headSize, hasQKVBias: hasQKVBias,
      hasOutputBias: hasOutputBias)
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let formats = place.formats
    // exp(ωx − |x|²/2): the square of each row, then a subtraction, an exp and a scale a feature.
    let (rows, mapped) = (2 * heads * headSize, 2 * heads * features)
    var map = RowOperation(
      .mixerInner, .pointwise, width: mapped, vector: Double(2 * rows + 2 * mapped), formats)
    map.special = Double(mapped)
    map.read = rows + mapped
    return MixerParts(
      [
        AttentionProjections(hidden: place.hidden, shape: projections, formats: formats),
        MixerProduct(
          .mixerInner, .mixerInner, from: headSize, to: features, rowsPerToken: 2 * heads, formats
        ),
        map,
        MatrixState(
          heads: heads, keyWidth: features, valueWidth: headSize, chunk: chunk,
          .kernelised(features: features, valueSize: headSize), formats),
        AttentionOutput(hidden: place.hidden, shape: projections, formats: formats),
      ], place)
  }
}
