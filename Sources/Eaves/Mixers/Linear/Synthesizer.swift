import Quantities

/// Attention whose scores are not products of queries and keys: made from each token alone, or learned.
public struct Synthesizer: MixerShape {
  public static let technique = Technique(
    name: "synthesizer", axis: .mixer, form: "synthesizer",
    summary:
      "Attention weights made from each token alone, or learned outright: no queries, no keys.",
    equation: "a head: dense 2·n·(d·d_h + d_h·n_max) FLOPs, factorised 2·n·d·(k1 + k2), random "
      + "n_max² weights; then 2·P·d_v: still quadratic in the tokens",
    conditions: [
      "no more tokens than the n_max that its rows were made for",
      "not linear: it saves at most the half of attention that forms scores",
    ],
    source:
      "Tay et al., Synthesizer: Rethinking Self-Attention in Transformer Models, 2020, section 3")

  /// How scores are made.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// Two layers make a row of n_max scores of each token.
    case dense
    /// A learned matrix of n_max × n_max scores a head.
    case random
    /// Two short rows of each token, whose products are the scores: k1·k2 ≥ n_max.
    case factorised
  }

  /// Heads and their width.
  public let heads: Int
  public let headSize: Int
  /// Tokens that rows were made for (n_max).
  public let maxTokens: Int
  public let form: Form
  /// Lengths of the short rows.
  public let firstFactor: Int
  public let secondFactor: Int

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    heads = try fields.integer("heads", in: ModelLimits.heads)
    headSize = try fields.integer("head_size", in: ModelLimits.heads)
    maxTokens = try fields.integer("n_max", in: ModelLimits.widths)
    form = try fields.optionalChoice("form", of: Form.self) ?? .dense
    guard form == .factorised else {
      (firstFactor, secondFactor) = (0, 0)
      return
    }
    firstFactor = try fields.integer("k1", in: 1...100_000)
    secondFactor = try fields.integer("k2", in: 1...100_000)
    guard firstFactor * secondFactor >= maxTokens else {
      throw fields.error(
        at: "k2", "\(firstFactor) × \(secondFactor) scores are fewer than \(maxTokens) tokens",
        remedy: "write factors whose product is at least \"n_max\"")
    }
  }

  var width: Int { heads * headSize }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    let inner =
      switch form {
      case .dense: headSize
      case .random: maxTokens
      case .factorised: hidden
      }
    return [.mixerInput: hidden, .mixerInner: inner, .value: hidden, .attentionOutput: width]
  }

  public var summary: String { "\(form.rawValue) Synthesizer, \(heads) heads of \(headSize)" }

  public func refusal(_ step: Step, causal: Bool) -> (problem: String, remedy: String)? {
    tooLong(step, n: maxTokens)
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer { SynthesizerMixer(self, place) }
}

/// The parts of a Synthesizer; a causal one keeps the values of earlier tokens.
struct SynthesizerMixer: TokenMixer {
  let parts: [any Emitter]
  private let keepsCache: Bool
  private let entryBytes: Bytes

  init(_ shape: Synthesizer, _ place: MixerPlace) {
    let formats = place.formats
    keepsCache = place.kind.keepsCache
    entryBytes = Bytes(Double(shape.width) * CompactFormat(formats.kv).bytesPerElement)
    let attention = Block.Attention(
      heads: shape.heads, kvHeads: shape.heads, headSize: shape.headSize)
    parts =
      Self.scores(shape, place)
      + [
        MixerProduct(.mixerInput, .value, from: place.hidden, to: shape.width, formats),
        SynthesizedAttention(shape, keepsCache: place.kind.keepsCache, formats),
        AttentionOutput(hidden: place.hidden, shape: attention, formats: formats),
      ]
  }

  /// What makes the scores of each token; learned ones are there already.
  private static func scores(_ shape: Synthesizer, _ place: MixerPlace) -> [any Emitter] {
    let (width, heads, formats) = (place.hidden, shape.heads, place.formats)
    switch shape.form {
    case .dense:
      return [
        MixerProduct(.mixerInput, .mixerInput, from: width, to: shape.width, formats),
        RowOperation(
          .mixerInner, .pointwise, width: shape.width, vector: Double(shape.width), formats),
        MixerProduct(
          .mixerInner, .mixerInner, from: shape.headSize, to: shape.maxTokens, blocks: heads,
          formats),
      ]
    case .random: return []
    case .factorised:
      let factors = heads * (shape.firstFactor + shape.secondFactor)
      var tiles = RowOperation(
        .mixerInner, .pointwise, width: heads * shape.maxTokens,
        vector: Double(heads * shape.maxTokens), formats)
      tiles.read = factors
      return [
        MixerProduct(.mixerInner, .mixerInner, from: width, to: factors, formats), tiles,
      ]
    }
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }

  func cacheBytes(tokens: Int) -> Bytes { keepsCache ? Double(tokens) * entryBytes : .zero }

  var patternName: String? { keepsCache ? Causal().name : Bidirectional().name }

  var cacheName: String? { keepsCache ? "full" : nil }
}
