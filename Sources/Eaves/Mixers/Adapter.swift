/// A projection of one layer's own beside weights that several layers share.
///
/// A square matrix, or one of low rank as two (LoRA); it mixes no tokens. Zamba2: each call of the shared block
/// has an adapter on its gate and up projections and a projection back into the stream (Zamba2, figure 2).
public struct Adapter: MixerShape {
  public static let technique = Technique(
    name: "adapter", axis: .mixer,
    form: "\"kind\": \"adapter\", with output, and rank if it is low",
    summary: "A projection of each layer's own beside shared weights, of full or low rank.",
    equation: "2·T·d·o FLOPs of full rank, 2·T·r·(d + o) of rank r",
    conditions: ["merged into the weights beside it, it would cost nothing, but they are shared"],
    source: "Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, 2021; "
      + "Glorioso et al., The Zamba2 Suite, 2024")

  /// Width of what it reads; `nil` for the model's width.
  public var input: Int?
  /// Width of the result (o).
  public var output: Int
  /// Inner width of two matrices (r); `nil` for one.
  public var rank: Int?

  /// A projection to a width, of low rank where one is given.
  public init(input: Int? = nil, output: Int, rank: Int? = nil) {
    self.input = input
    self.output = output
    self.rank = rank
  }

  /// - Throws: where a field is missing or out of range.
  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    self.init(
      input: try fields.optionalInteger("input", in: ModelLimits.widths),
      output: try fields.integer("output", in: ModelLimits.widths),
      rank: try fields.optionalInteger("rank", in: ModelLimits.widths))
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] { [.mixerInner: input ?? hidden] }

  public func mixer(_ place: MixerPlace) -> any TokenMixer { AdapterMixer(self, place) }

  /// None: it mixes no tokens.
  public var label: String { "" }

  public var summary: String {
    "projection to \(output)" + (rank.map { " of rank \($0)" } ?? "")
  }
}

/// The products of an adapter.
struct AdapterMixer: TokenMixer {
  let parts: [any Emitter]

  init(_ shape: Adapter, _ place: MixerPlace) {
    let widths = [shape.input ?? place.hidden] + (shape.rank.map { [$0] } ?? []) + [shape.output]
    parts = zip(widths, widths.dropFirst()).map { input, output in
      MixerProduct(
        .adapter, .mixerInner, from: input, to: output, place.formats)
    }
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    for part in parts { part.emit(step, into: &buffer) }
  }
}
