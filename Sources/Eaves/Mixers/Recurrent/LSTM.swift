/// A long short-term memory layer as wide as the model, as PyTorch's `nn.LSTM` has it.
public struct LSTM: MixerShape {
  public static let technique = Technique(
    name: "lstm", axis: .mixer, form: "lstm",
    summary: "LSTM: four gates from the token and the last output, one token after the other.",
    equation: "8·h·(x + h) FLOPs a token, 5·h special functions, 4·h + 4·h·biases lane operations; "
      + "state 2·h in f32",
    conditions: [
      "time steps follow one another: the weights of the recurrent half are read again in each, "
        + "2·b/w_b FLOP a byte, unless they stay on the chip",
      "the input half is one product for all tokens",
    ],
    source: "Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; torch.nn.LSTM")

  /// Bias vectors of each gate: PyTorch has two.
  public let biases: Int

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    biases = try fields.optionalInteger("biases", in: 0...2) ?? 2
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerInner: hidden]
  }

  public var summary: String { "LSTM" }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let gates = GatedRecurrence.Gates(count: 4, own: 4, special: 5, states: 2)
    return MixerParts(GatedRecurrence.parts(gates, biases: biases, place), place)
  }
}
