/// A gated recurrent unit as wide as the model, as PyTorch's `nn.GRU` has it.
public struct GRU: MixerShape {
  public static let technique = Technique(
    name: "gru", axis: .mixer, form: "gru",
    summary: "GRU: three gates from the token and the last output, one token after the other.",
    equation: "6·h·(x + h) FLOPs a token, 3·h special functions, 4·h + 3·h·biases lane operations; "
      + "state h in f32",
    conditions: [
      "time steps follow one another: the weights of the recurrent half are read again in each, "
        + "2·b/w_b FLOP a byte, unless they stay on the chip",
      "the input half is one product for all tokens",
    ],
    source:
      "Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, 2014; torch.nn.GRU")

  /// Bias vectors of each gate: PyTorch has two.
  public let biases: Int

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    biases = try fields.optionalInteger("biases", in: 0...2) ?? 2
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerInner: hidden]
  }

  public var summary: String { "GRU" }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let gates = GatedRecurrence.Gates(count: 3, own: 4, special: 3, states: 1)
    return MixerParts(GatedRecurrence.parts(gates, biases: biases, place), place)
  }
}
