/// The matrix LSTM of xLSTM-7B: a matrix state a head with exponential input and forget gates.
public struct MLSTM: MixerShape {
  public static let technique = Technique(
    name: "mlstm", axis: .mixer, form: "mlstm",
    summary: "xLSTM's matrix memory: keys and values in a matrix state with scalar gates a head.",
    equation:
      "5·d_k·d_v + 3·d_k lane operations a token and head; state H·(d_k·d_v + d_k + 1) in f32",
    conditions: [
      "the state stays in f32, and is read and written in every step",
      "a prefill is chunked: products inside a chunk suit a matrix engine",
    ],
    source: "Beck et al., xLSTM 7B, 2025, section 3; transformers 5.23.0, modeling_xlstm.py")

  /// Heads, and the widths of a key and a value.
  public let heads: Int
  public let keySize: Int
  public let valueSize: Int
  /// Whether the wide products and the norm have biases; those of the gates always do.
  public let hasBias: Bool
  /// Tokens of a chunk.
  public let chunk: Int

  /// A matrix LSTM.
  public init(heads: Int, keySize: Int, valueSize: Int, hasBias: Bool = false, chunk: Int = 64) {
    self.heads = heads
    self.keySize = keySize
    self.valueSize = valueSize
    self.hasBias = hasBias
    self.chunk = chunk
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    heads = try fields.integer("heads", in: ModelLimits.heads)
    keySize = try fields.integer("key_head_size", in: ModelLimits.heads)
    valueSize = try fields.integer("value_head_size", in: ModelLimits.heads)
    hasBias = try fields.boolean("bias", default: false)
    chunk = try fields.chunk()
  }

  private var keyWidth: Int { heads * keySize }
  private var valueWidth: Int { heads * valueSize }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerOutput: valueWidth]
  }

  public var summary: String { "mLSTM, \(heads) states of \(keySize) × \(valueSize)" }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let (width, formats) = (place.hidden, place.formats)
    var gate = RowOperation.outputGate(
      .sigmoid, heads: heads, width: valueWidth,
      norm: .layer(weights: (hasBias ? 2 : 1) * valueWidth), formats)
    // The division by the normaliser.
    gate.vector += Double(valueWidth)
    gate.special += Double(heads)
    return MixerParts(
      [
        MixerProduct(
          .mixerInput, .mixerInput, from: width, to: 2 * keyWidth + 2 * valueWidth,
          hasBias: hasBias, formats),
        // Soft caps (tanh) of both gates, exp of the one, log-sigmoid and exp of the other.
        MixerProduct(
          .mixerInput, .mixerInput, from: width, to: 2 * heads, hasBias: true,
          special: Double(6 * heads), formats),
        MatrixState(
          heads: heads, keyWidth: keySize, valueWidth: valueSize, chunk: chunk,
          MatrixState.Rule(
            stateOperations: 5, vector: Double(3 * keySize), pairVector: 2, pairSpecial: 1,
            extraState: keySize + 1),
          read: 2 * keyWidth + valueWidth + 2 * heads, formats),
        gate,
        MixerProduct(
          .mixerOutput, .mixerOutput, from: valueWidth, to: width, hasBias: hasBias, formats),
      ], place)
  }
}
