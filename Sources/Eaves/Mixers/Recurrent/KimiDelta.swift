/// Kimi delta attention: a gated delta net whose state decays channel by channel.
public struct KimiDelta: MixerShape {
  public static let technique = Technique(
    name: "kda", axis: .mixer, form: "kda",
    summary: "Kimi delta attention: a gated delta net with a decay for each channel of a key.",
    equation: "7·d_k·d_v lane operations a token and head; chunks of C: products, and a triangular "
      + "solve of C²·d_k + C³/3; state H·d_k·d_v in f32 and the filter's tail",
    conditions: [
      "the state stays in f32, and is read and written in every step",
      "a prefill is chunked, with a triangular solve in each chunk",
    ],
    source: "Kimi Team, Kimi Linear: An Expressive, Efficient Attention Architecture, 2025, "
      + "section 3; transformers 5.23.0, modeling_kimi_linear.py")

  /// Heads, and the width of their queries, keys and values.
  public let heads: Int
  public let headSize: Int
  /// Taps of the filter over queries, keys and values.
  public let taps: Int
  /// Tokens of a chunk.
  public let chunk: Int

  /// Kimi delta attention, in chunks of 64.
  public init(heads: Int, headSize: Int, taps: Int) {
    self.heads = heads
    self.headSize = headSize
    self.taps = taps
    chunk = 64
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    heads = try fields.integer("heads", in: ModelLimits.heads)
    headSize = try fields.integer("head_size", in: ModelLimits.heads)
    taps = try fields.optionalInteger("kernel", in: 1...10_000) ?? 4
    chunk = try fields.chunk()
  }

  private var inner: Int { heads * headSize }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerInner: headSize, .mixerOutput: inner]
  }

  public func fileTensors(hidden: Int) -> [FileTensor] {
    let wide = [TensorRole.query, .key, .value].map { role in
      FileTensor(.mixerInput, as: role, rowLength: hidden, elements: inner * hidden)
    }
    return wide + [
      FileTensor(.mixerInput, rowLength: hidden, elements: heads * hidden),
      FileTensor(.mixerInner, rowLength: hidden, elements: 2 * headSize * hidden),
      FileTensor(.mixerInner, rowLength: headSize, elements: 2 * headSize * inner),
      FileTensor(.mixerOutput, as: .attentionOutput, rowLength: inner, elements: inner * hidden),
    ]
  }

  public var summary: String {
    "Kimi delta attention, \(heads) states of \(headSize) × \(headSize), filter of \(taps)"
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let (width, formats) = (place.hidden, place.formats)
    // Norms of queries and keys; β = σ(b) a head, −exp(A)·softplus(f + dt) and its exp a channel.
    var preparation = RowOperation(
      .mixerInner, .pointwise, width: 3 * inner, vector: Double(8 * inner), formats)
    preparation.special = Double(3 * inner + 3 * heads)
    preparation.vectors = inner + heads
    preparation.read = 3 * inner + heads
    preparation.written = 3 * inner + heads
    return MixerParts(
      [
        MixerProduct(
          .mixerInput, .mixerInput, from: width, to: 3 * inner + heads, formats),
        RowOperation.activatedFilter(taps: taps, width: 3 * inner, formats),
        // Forget gate and output gate, both through one head's width.
        MixerProduct(.mixerInner, .mixerInner, from: width, to: 2 * headSize, formats),
        MixerProduct(
          .mixerInner, .mixerInner, from: headSize, to: inner, blocks: 2, formats),
        preparation,
        MatrixState(
          heads: heads, keyWidth: headSize, valueWidth: headSize, chunk: chunk, .gatedDelta(),
          read: 4 * inner + heads, formats),
        RowOperation.outputGate(
          .sigmoid, heads: heads, width: inner, norm: .rms(weights: headSize), formats),
        MixerProduct(.mixerOutput, .mixerOutput, from: inner, to: width, formats),
      ], place)
  }
}
