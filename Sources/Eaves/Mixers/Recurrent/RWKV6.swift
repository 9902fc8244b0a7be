/// The time mixing of RWKV-6 (Finch): heads with a matrix state, and decays that depend on the token.
public struct RWKV6: MixerShape {
  public static let technique = Technique(
    name: "rwkv6", axis: .mixer, form: "rwkv6",
    summary: "RWKV-6: matrix states with a decay for each channel, made from the token.",
    equation: "matrices 5·2·d² FLOPs a token; recurrence 7·64·d; state (d/64)·64·64 in f32, d tail",
    conditions: [
      "the state stays in f32, and is read and written in every step",
      "a prefill is chunked: products inside a chunk suit a matrix engine",
    ],
    source: "Peng et al., Eagle and Finch: RWKV with Matrix-Valued States, 2024, section 4")

  /// Width of a head: keys and values.
  public let headSize: Int
  /// Rank of the products that make the five mixes, and of those that make the decay.
  public let mixRank: Int
  public let decayRank: Int
  /// Tokens of a chunk.
  public let chunk: Int

  /// Time mixing with products of some ranks, in chunks of 64.
  public init(headSize: Int, mixRank: Int, decayRank: Int) {
    self.headSize = headSize
    self.mixRank = mixRank
    self.decayRank = decayRank
    chunk = 64
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    headSize = try fields.optionalInteger("head_size", in: ModelLimits.heads) ?? 64
    mixRank = try fields.integer("mix_rank", in: ModelLimits.widths)
    decayRank = try fields.integer("decay_rank", in: ModelLimits.widths)
    chunk = try fields.chunk()
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerInner: min(mixRank, decayRank), .mixerOutput: hidden]
  }

  /// The small matrices stay in 32 bits.
  public func fileTensors(hidden: Int) -> [FileTensor] {
    [
      FileTensor(
        .mixerInner, rowLength: hidden, elements: 2 * (5 * mixRank + decayRank) * hidden, kept: .f32
      )
    ]
  }

  public var summary: String { "RWKV-6 time mixing, heads of \(headSize)" }

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
    // One mix for the low-rank products, then five that they correct: three lane operations each.
    var shift = RowOperation.tokenShift(width: width, mixes: 1, vectors: 6, formats)
    shift.vector += Double(15 * width)
    shift.written = 6 * width
    // exp(−exp(w)) a channel, after the sum with the learned decay.
    var decay = RowOperation(
      .mixerInner, .pointwise, width: width, vector: Double(2 * width), formats)
    decay.special = Double(2 * width)
    decay.vectors = width
    let ranks = 5 * mixRank + decayRank
    return MixerParts(
      [
        shift,
        MixerProduct(
          .mixerInner, .mixerInner, from: width, to: ranks, read: 2 * width,
          special: Double(ranks), formats),
        MixerProduct(
          .mixerInner, .mixerInner, from: ranks, to: width, written: 6 * width, formats),
        MixerProduct(
          .mixerInput, .mixerInput, from: width, to: 4 * width, read: 4 * width, formats),
        decay,
        MatrixState(
          heads: heads, keyWidth: headSize, valueWidth: headSize, chunk: chunk,
          MatrixState.Rule(stateOperations: 7), read: 4 * width, vectors: width, formats),
        RowOperation.outputGate(
          .silu, heads: heads, width: width, norm: .layer(weights: 2 * width), formats),
        MixerProduct(.mixerOutput, .mixerOutput, from: width, to: width, formats),
      ], place)
  }
}
