/// Attention with a feature map in place of the softmax: sums over all keys, or a state that grows no more.
public struct LinearAttention: MixerShape {
  public static let technique = Technique(
    name: "linear_attention", axis: .mixer, form: "linear_attention",
    summary: "Kernelised attention: φ(q)·Σ φ(k)vᵀ in place of a softmax over all keys.",
    equation: "not causal 4·n·f·d_v FLOPs a head, and 3·n·f + n·d_v; a token of decode 4·f·d_v; "
      + "chunks of C: 2·C·(f + d_v) + 4·f·d_v a token; state f·(d_v + 1) in f32",
    conditions: [
      "fewer FLOPs than softmax attention only where there are more tokens than features",
      "the state stays in f32, and is read and written in every step",
      "trained in: a softmax model does not become linear by itself",
    ],
    source: "Katharopoulos et al., Transformers are RNNs, 2020, sections 3.2 and 3.4")

  /// Heads, their width, and the width of a value.
  public let heads: Int
  public let headSize: Int
  public let valueSize: Int
  /// Features of a query and a key (f).
  public let features: Int
  public let hasQKVBias: Bool
  public let hasOutputBias: Bool
  /// Tokens of a chunk.
  public let chunk: Int

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    heads = try fields.integer("heads", in: ModelLimits.heads)
    headSize = try fields.integer("head_size", in: ModelLimits.heads)
    valueSize = try fields.optionalInteger("value_head_size", in: ModelLimits.heads) ?? headSize
    features = try fields.optionalInteger("features", in: ModelLimits.widths) ?? headSize
    hasQKVBias = try fields.boolean("qkv_bias", default: false)
    hasOutputBias = try fields.boolean("output_bias", default: false)
    chunk = try fields.chunk()
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    projections.rowLengths(hidden: hidden)
  }

  public var summary: String { "linear attention, \(heads) heads of \(features) features" }

  private var projections: Block.Attention {
    Block.Attention(
      heads: heads, kvHeads: heads, headSize: headSize, valueHeadSize: valueSize,
      hasQKVBias: hasQKVBias, hasOutputBias: hasOutputBias)
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let formats = place.formats
    // elu(x) + 1 of queries and keys: exp, a choice and a sum for each feature.
    let mapped = 2 * heads * features
    var map = RowOperation(
      .mixerInner, .pointwise, width: mapped, vector: Double(2 * mapped), formats)
    map.special = Double(mapped)
    map.read = 2 * heads * headSize
    return MixerParts(
      [
        AttentionProjections(hidden: place.hidden, shape: projections, formats: formats),
        map,
        MatrixState(
          heads: heads, keyWidth: features, valueWidth: valueSize, chunk: chunk,
          .kernelised(features: features, valueSize: valueSize), formats),
        AttentionOutput(hidden: place.hidden, shape: projections, formats: formats),
      ], place)
  }
}

extension MatrixState.Rule {
  /// Update and read, without a decay, and a normaliser: its sum, its product with the query, the division.
  static func kernelised(features: Int, valueSize: Int) -> MatrixState.Rule {
    MatrixState.Rule(
      stateOperations: 4, vector: Double(3 * features + valueSize), decays: false,
      extraState: features)
  }
}

extension Block.Attention {
  /// The rows of the four projections.
  func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.query: hidden, .key: hidden, .value: hidden, .attentionOutput: outputWidth]
  }
}
