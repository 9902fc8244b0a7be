/// Multi-head latent attention: keys and values of all heads are made of one small latent a token, which is
/// what the cache holds (DeepSeek-V2, section 2.1).
public struct LatentAttentionShape: MixerShape {
  /// How keys and values come out of the latent.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// Keys and values of every token are made anew in each step.
    case expanded
    /// What would make keys is folded into the queries, what would make values into the result.
    case absorbed
  }

  /// Heads (H).
  public var heads: Int
  /// Width of the latent that queries are made of; `nil` where they are made of the input.
  public var queryRank: Int?
  /// Width of the latent of keys and values (d_c).
  public var kvRank: Int
  /// Width of the part of a key that is rotated and shared by all heads (d_r).
  public var rotaryWidth: Int
  /// Width of the part of a head's key that is made of the latent (d_n), and of its value (d_v).
  public var plainWidth: Int
  public var valueWidth: Int
  /// Whether that shared part is rotated at all.
  public var isRotary: Bool
  /// The form of every step; `nil` for the one with fewer FLOPs.
  public var form: Form?

  public static let technique = Technique(
    name: "latent_attention", axis: .mixer, form: "latent_attention",
    summary:
      "Keys and values of all heads are made of one latent a token: the cache holds the latent.",
    equation: "entry = d_c + d_r; absorbed iff P·(2·d_c − d_n − d_v) < n·d_c·(d_n + d_v)",
    conditions: [
      "the model was trained with it",
      "the latent does not shrink when heads are spread over devices",
    ],
    source: "DeepSeek-AI, DeepSeek-V2, section 2.1; docs/method.md 1")

  /// Sizes of one layer.
  public init(
    heads: Int, queryRank: Int?, kvRank: Int, rotaryWidth: Int, plainWidth: Int, valueWidth: Int,
    isRotary: Bool = true, form: Form? = nil
  ) {
    self.heads = heads
    self.queryRank = queryRank
    self.kvRank = kvRank
    self.rotaryWidth = rotaryWidth
    self.plainWidth = plainWidth
    self.valueWidth = valueWidth
    self.isRotary = isRotary
    self.form = form
  }

  /// Heads are cut, the latent is kept whole on every device.
  public func divided(by devices: Int) -> LatentAttentionShape? {
    guard heads.isMultiple(of: devices) else { return nil }
    var part = self
    part.heads /= devices
    return part
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    self.init(
      heads: try fields.integer("heads", in: ModelLimits.heads),
      queryRank: try fields.optionalInteger("q_rank", in: ModelLimits.heads),
      kvRank: try fields.integer("kv_rank", in: ModelLimits.heads),
      rotaryWidth: try fields.integer("rope_dim", in: ModelLimits.heads),
      plainWidth: try fields.integer("nope_dim", in: ModelLimits.heads),
      valueWidth: try fields.integer("value_dim", in: ModelLimits.heads),
      isRotary: try fields.boolean("rotary", default: true),
      form: try fields.optionalChoice("form", of: Form.self))
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [
      .mixerInput: hidden, .query: queryRank ?? hidden, .mixerInner: kvRank,
      .attentionOutput: heads * valueWidth,
    ]
  }

  /// Files have one matrix that makes keys, turned round, and one that makes values.
  public func fileTensors(hidden: Int) -> [FileTensor] {
    let halves = [
      FileTensor(
        .mixerInner, rowLength: plainWidth, elements: heads * plainWidth * kvRank,
        isStacked: true),
      FileTensor(
        .mixerInner, rowLength: kvRank, elements: heads * valueWidth * kvRank,
        isStacked: true),
    ]
    guard let queryRank else { return halves }
    let query = FileTensor(
      .query, as: .mixerInner, rowLength: queryRank, elements: queryRank * queryWidth)
    return halves + [query]
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer { LatentAttention(self, place) }

  public var label: String { "mla" }

  public var summary: String {
    "\(heads) heads, latent of \(kvRank) + \(rotaryWidth)"
  }
}

extension LatentAttentionShape {
  /// Elements of a token in the cache of a layer: d_c + d_r, whatever the heads.
  public var entryWidth: Int { kvRank + rotaryWidth }

  /// Elements of the keys and values of a token that are made of the latent: H·(d_n + d_v).
  var expandedWidth: Int { heads * (plainWidth + valueWidth) }

  /// Elements of the queries of a token: H·(d_n + d_r).
  var queryWidth: Int { heads * (plainWidth + rotaryWidth) }

  /// The attention that is computed once keys and values are there: every head has its own.
  var expandedAttention: Block.Attention {
    Block.Attention(
      heads: heads, kvHeads: heads, headSize: plainWidth + rotaryWidth, valueHeadSize: valueWidth)
  }

  /// The attention over the latent itself: one key for all heads, of which the value is a part.
  var absorbedAttention: Block.Attention {
    Block.Attention(heads: heads, kvHeads: 1, headSize: entryWidth, valueHeadSize: kvRank)
  }
}
