/// The time mixing of RWKV-7 (Goose): matrix states under a generalised delta rule.
public struct RWKV7: MixerShape {
  public static let technique = Technique(
    name: "rwkv7", axis: .mixer, form: "rwkv7",
    summary: "RWKV-7: matrix states that decay, forget along one direction and take in a token.",
    equation: "matrices 4·2·d² FLOPs a token; recurrence 9·64·d; state (d/64)·64·64 in f32, d tail",
    conditions: [
      "the state stays in f32, and is read and written in every step",
      "a prefill is chunked, with a triangular solve in each chunk",
    ],
    source: "Peng et al., RWKV-7 \"Goose\" with Expressive Dynamic State Evolution, 2025, section 4"
  )

  /// Width of a head: keys and values.
  public let headSize: Int
  /// Ranks of the products that make decay, learning rate, value mix and gate; the first layer has no
  /// value mix.
  public let decayRank: Int
  public let rateRank: Int
  public let valueRank: Int
  public let gateRank: Int
  /// Tokens of a chunk.
  public let chunk: Int

  /// Time mixing with products of some ranks, in chunks of 64; a value rank of 0 is the first layer's.
  public init(headSize: Int, decayRank: Int, rateRank: Int, valueRank: Int, gateRank: Int) {
    self.headSize = headSize
    self.decayRank = decayRank
    self.rateRank = rateRank
    self.valueRank = valueRank
    self.gateRank = gateRank
    chunk = 64
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    headSize = try fields.optionalInteger("head_size", in: ModelLimits.heads) ?? 64
    decayRank = try fields.integer("decay_rank", in: ModelLimits.widths)
    rateRank = try fields.integer("rate_rank", in: ModelLimits.widths)
    valueRank = try fields.optionalInteger("value_rank", in: ModelLimits.widths) ?? 0
    gateRank = try fields.integer("gate_rank", in: ModelLimits.widths)
    chunk = try fields.chunk()
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    let ranks = [decayRank, rateRank, gateRank, valueRank].filter { $0 > 0 }
    return [.mixerInput: hidden, .mixerInner: ranks.min() ?? hidden, .mixerOutput: hidden]
  }

  /// The small matrices stay as they are: those of the decay in 32 bits, the others in 16.
  public func fileTensors(hidden: Int) -> [FileTensor] {
    [
      FileTensor(.mixerInner, rowLength: hidden, elements: 2 * decayRank * hidden, kept: .f32),
      FileTensor(
        .mixerInner, rowLength: hidden, elements: 2 * (rateRank + valueRank + gateRank) * hidden,
        kept: .f16),
    ]
  }

  public var summary: String { "RWKV-7 time mixing, heads of \(headSize)" }

  public func misfit(hidden: Int) -> (problem: String, remedy: String)? {
    guard !hidden.isMultiple(of: headSize) else { return nil }
    return (
      "heads of \(headSize) do not divide a width of \(hidden)",
      "write a \"head_size\" that divides \"hidden_size\""
    )
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let (width, formats) = (place.hidden, place.formats)
    let heads = width / headSize
    let ranks = decayRank + rateRank + valueRank + gateRank
    let lowRank = valueRank > 0 ? 4 : 3
    var gate = RowOperation.outputGate(
      .product, heads: heads, width: width, norm: .layer(weights: 2 * width), formats)
    // The bonus: (r ∘ k ∘ u)·v added to each head.
    gate.vector += Double(5 * width)
    gate.read = 5 * width
    gate.vectors = width
    return MixerParts(
      [
        RowOperation.tokenShift(width: width, mixes: 6, formats),
        // tanh of the decay's, sigmoid of the gate's.
        MixerProduct(
          .mixerInner, .mixerInner, from: width, to: ranks, read: lowRank * width,
          special: Double(decayRank + gateRank), formats),
        MixerProduct(
          .mixerInner, .mixerInner, from: ranks, to: width, written: lowRank * width, formats),
        MixerProduct(
          .mixerInput, .mixerInput, from: width, to: 3 * width, read: 3 * width, formats),
        preparation(width: width, heads: heads, formats),
        MatrixState(
          heads: heads, keyWidth: headSize, valueWidth: headSize, chunk: chunk,
          MatrixState.Rule(stateOperations: 9, stateProducts: 4, solves: true), read: 6 * width,
          formats),
        gate,
        MixerProduct(.mixerOutput, .mixerOutput, from: width, to: width, formats),
      ], place)
  }

  /// Decay, learning rate, normalised key, replaced key and mixed value: what stands between the products
  /// and the recurrence.
  private func preparation(width: Int, heads: Int, _ formats: LayerFormats) -> RowOperation {
    let mixesValues = valueRank > 0
    var preparation = RowOperation(
      .mixerInner, .pointwise, width: width, vector: Double((mixesValues ? 14 : 10) * width),
      formats)
    // A sigmoid and an exp of the decay, a sigmoid of the rate and of the mix; a root a head.
    preparation.special = Double((mixesValues ? 4 : 3) * width + heads)
    preparation.vectors = (mixesValues ? 5 : 4) * width
    preparation.read = (mixesValues ? 6 : 4) * width
    preparation.written = 5 * width
    return preparation
  }
}
