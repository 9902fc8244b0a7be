/// The gated delta net of Qwen3-Next: matrix states under a delta rule with one decay a head.
public struct GatedDeltaNet: MixerShape {
  public static let technique = Technique(
    name: "gated_delta", axis: .mixer, form: "gated_delta",
    summary: "Gated delta net: a matrix state a head that decays and replaces what a key recalls.",
    equation: "7·d_k·d_v lane operations a token and head; chunks of C: products, and a triangular "
      + "solve of C²·d_k + C³/3; state H·d_k·d_v in f32 and the filter's tail",
    conditions: [
      "the state stays in f32, and is read and written in every step",
      "a prefill is chunked, with a triangular solve in each chunk",
    ],
    source: "Yang et al., Gated Delta Networks, 2024, section 3; transformers 5.23.0, "
      + "modeling_qwen3_next.py")

  /// Heads of queries and keys, and of values: each value head has a state.
  public let keyHeads: Int
  public let heads: Int
  /// Widths of a key and a value.
  public let keySize: Int
  public let valueSize: Int
  /// Taps of the filter over queries, keys and values.
  public let taps: Int
  /// Tokens of a chunk.
  public let chunk: Int

  /// A gated delta net, in chunks of 64.
  public init(keyHeads: Int, heads: Int, keySize: Int, valueSize: Int, taps: Int) {
    self.keyHeads = keyHeads
    self.heads = heads
    self.keySize = keySize
    self.valueSize = valueSize
    self.taps = taps
    chunk = 64
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    keyHeads = try fields.integer("key_heads", in: ModelLimits.heads)
    heads = try fields.integer("value_heads", in: ModelLimits.heads)
    keySize = try fields.integer("key_head_size", in: ModelLimits.heads)
    valueSize = try fields.integer("value_head_size", in: ModelLimits.heads)
    taps = try fields.optionalInteger("kernel", in: 1...10_000) ?? 4
    chunk = try fields.chunk()
    guard heads.isMultiple(of: keyHeads) else {
      throw fields.error(
        at: "key_heads", "\(keyHeads) key heads cannot be shared equally by \(heads)",
        remedy: "write a divisor of \"value_heads\"")
    }
  }

  private var keyWidth: Int { keyHeads * keySize }
  private var valueWidth: Int { heads * valueSize }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerOutput: valueWidth]
  }

  /// Queries, keys and values in one matrix; the gate; step sizes and decays.
  public func fileTensors(hidden: Int) -> [FileTensor] {
    [
      FileTensor(
        .mixerInput, as: .value, rowLength: hidden, elements: (2 * keyWidth + valueWidth) * hidden),
      FileTensor(.mixerInput, rowLength: hidden, elements: (valueWidth + 2 * heads) * hidden),
    ]
  }

  public var summary: String {
    "gated delta net, \(heads) states of \(keySize) × \(valueSize), filter of \(taps)"
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let formats = place.formats
    // Norms of queries and keys; β = σ(b), g = −exp(A)·softplus(a + dt), exp(g).
    var preparation = RowOperation(
      .mixerInner, .pointwise, width: 2 * keyWidth, vector: Double(6 * keyWidth + 2 * heads),
      formats)
    preparation.special = Double(2 * keyHeads + 4 * heads)
    preparation.vectors = 2 * heads
    preparation.read = 2 * keyWidth + 2 * heads
    preparation.written = 2 * keyWidth + 2 * heads
    return MixerParts(
      [
        MixerProduct(
          .mixerInput, .mixerInput, from: place.hidden,
          to: 2 * keyWidth + 2 * valueWidth + 2 * heads, formats),
        RowOperation.activatedFilter(
          taps: taps, width: 2 * keyWidth + valueWidth, formats),
        preparation,
        MatrixState(
          heads: heads, keyWidth: keySize, valueWidth: valueSize, chunk: chunk,
          .gatedDelta(pairVector: 1, pairSpecial: 1),
          read: 2 * keyWidth + valueWidth + 2 * heads, formats),
        RowOperation.outputGate(
          .silu, heads: heads, width: valueWidth, norm: .rms(weights: valueSize), formats),
        MixerProduct(
          .mixerOutput, .mixerOutput, from: valueWidth, to: place.hidden, formats),
      ], place)
  }
}

extension MatrixState.Rule {
  /// Decay, recall, correction and read: 7 lane operations an element, three products in chunks.
  static func gatedDelta(pairVector: Double = 0, pairSpecial: Double = 0) -> MatrixState.Rule {
    MatrixState.Rule(
      stateOperations: 7, stateProducts: 3, solves: true, pairVector: pairVector,
      pairSpecial: pairSpecial)
  }
}

extension RowOperation {
  /// A short filter without a bias, and SiLU of its result.
  static func activatedFilter(taps: Int, width: Int, _ formats: LayerFormats) -> RowOperation {
    var filter = RowOperation(
      .convolution, .filter(taps: taps), width: width, vector: Double((2 * taps + 1) * width),
      formats)
    filter.special = Double(2 * width)
    filter.vectors = taps * width
    return filter
  }
}
