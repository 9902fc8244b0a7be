/// Softmax attention over k mixtures of the keys and values instead of all of them; encoders only.
public struct Linformer: MixerShape {
  public static let technique = Technique(
    name: "linformer", axis: .mixer, form: "linformer",
    summary: "Softmax attention over k learned mixtures of all keys and values.",
    equation: "a head: projection 2·n·k·(d_q + d_v) FLOPs, attention 2·n·k·(d_q + d_v), n·k exp; "
      + "projections n_max·k: 2·H·L, 2·L, L or 1 of them (none, head, kv, layer)",
    conditions: [
      "not causal: each mixture holds later tokens too, so a decoder cannot use it",
      "no more tokens than the n_max that its projections were made for",
      "scores are computed in one kernel, whatever the schedule",
    ],
    source: "Wang et al., Linformer: Self-Attention with Linear Complexity, 2020, section 4")

  /// Which projections are the same matrix.
  public enum Sharing: String, Sendable, Hashable, CaseIterable {
    /// Every head has its own for keys and for values.
    case none
    /// The heads of a layer share them.
    case head
    /// Heads, keys and values of a layer share one.
    case kv
    /// All layers share one.
    case layer
  }

  /// Heads and their width.
  public let heads: Int
  public let headSize: Int
  /// Mixtures (k).
  public let rank: Int
  /// Tokens that the projections were made for (n_max).
  public let maxTokens: Int
  public let sharing: Sharing
  public let hasQKVBias: Bool
  public let hasOutputBias: Bool

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    heads = try fields.integer("heads", in: ModelLimits.heads)
    headSize = try fields.integer("head_size", in: ModelLimits.heads)
    rank = try fields.integer("rank", in: ModelLimits.widths)
    maxTokens = try fields.integer("n_max", in: ModelLimits.tokens)
    sharing = try fields.optionalChoice("sharing", of: Sharing.self) ?? .none
    hasQKVBias = try fields.boolean("qkv_bias", default: false)
    hasOutputBias = try fields.boolean("output_bias", default: false)
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    projections.rowLengths(hidden: hidden).merging([.mixerInner: maxTokens]) { own, _ in own }
  }

  public var summary: String { "Linformer, \(heads) heads over \(rank) mixtures" }

  public func refusal(_ step: Step, causal: Bool) -> (problem: String, remedy: String)? {
    if causal {
      return (
        "linformer mixes later tokens into every key, so a decoder cannot use it",
        "write \"kind\": \"encoder\", or another mixer"
      )
    }
    return tooLong(step, n: maxTokens)
  }

  private var projections: Block.Attention {
    Block.Attention(
      heads: heads, kvHeads: heads, headSize: headSize, hasQKVBias: hasQKVBias,
      hasOutputBias: hasOutputBias)
  }

  /// Matrices of n_max × k that one layer reads.
  private var matrices: Int {
    switch sharing {
    case .none: 2 * heads
    case .head: 2
    case .kv, .layer: 1
    }
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let formats = place.formats
    let projection = LengthProjection(
      rank: rank, maxTokens: maxTokens, matrices: matrices, width: projections.entryWidth, formats)
    let shared = sharing == .layer && place.layers > 1
    return MixerParts(
      [
        AttentionProjections(hidden: place.hidden, shape: projections, formats: formats),
        shared
          ? SharedWeights(part: projection, share: 1 / Double(place.layers)) : projection,
        LowRankAttention(shape: projections, rank: rank, formats),
        AttentionOutput(hidden: place.hidden, shape: projections, formats: formats),
      ], place)
  }
}

extension MixerShape {
  /// The refusal of a step with more tokens than learned parameters of a fixed length allow.
  func tooLong(_ step: Step, n limit: Int) -> (problem: String, remedy: String)? {
    let tokens = step.cachedTokens + step.newTokens
    guard tokens > limit else { return nil }
    return (
      "\(Self.technique.name) was made for at most \(limit) tokens, and \(tokens) are asked for",
      "ask for at most \(limit), or raise \"n_max\""
    )
  }
}
