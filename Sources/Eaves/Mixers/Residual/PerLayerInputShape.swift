/// A gated input of each layer's own, added at its end (Gemma 3n).
///
/// The model makes the inputs of all layers at once; see `PerLayerEmbedding`.
public struct PerLayerInputShape: MixerShape {
  /// Width of the input of a layer.
  public var size: Int

  public static let technique = Technique(
    name: "per_layer_input", axis: .mixer, form: "per_layer_input",
    summary: "A small embedding of each layer's own, gated by its result and added to it.",
    equation: "weights = 2·d·p + d a layer, and V·L·p in a table of which a token reads a row",
    conditions: ["the table may lie in flash or host memory: a token reads one row of it"],
    source: "Gemma 3n, as in transformers (modeling_gemma3n.py)")

  /// An input of some width.
  public init(size: Int) { self.size = size }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    size = try fields.integer("size", in: ModelLimits.widths)
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerOutput: size]
  }

  public func fileTensors(hidden: Int) -> [FileTensor] {
    [
      FileTensor(.mixerInput, rowLength: hidden, elements: size * hidden),
      FileTensor(.mixerOutput, rowLength: size, elements: size * hidden),
    ]
  }

  /// Down to the gate, GELU and product with the input (3 lane operations and a tanh, as GeGLU), up, norm and
  /// addition.
  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let width = place.hidden
    var gate = RowProduct(.perLayerInput, from: width, to: size, .mixerInput, place.formats)
    let cost = Block.FeedForward.Activation.gelu.cost(gated: true)
    gate.lanes = cost.vector * Double(size)
    gate.specials = cost.special * Double(size)
    gate.extraRead = size
    var up = RowProduct(.perLayerInput, from: size, to: width, .mixerOutput, place.formats)
    up.normWidth = width
    up.lanes = 5 * Double(width)
    up.specials = 1
    up.extraRead = width
    return StatelessMixer(parts: [gate, up])
  }

  public var label: String { "" }

  public var summary: String { "input of its own of \(size)" }
}
