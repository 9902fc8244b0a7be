/// A low-rank path beside the residual of a block (LAuReL, section 2; Gemma 3n).
public struct LaurelShape: MixerShape {
  /// Width between its two matrices.
  public var rank: Int

  public static let technique = Technique(
    name: "laurel", axis: .mixer, form: "laurel",
    summary: "A low-rank path beside the residual of a block, with a norm of its own.",
    equation: "weights = 2·d·r + d", conditions: ["the model was trained with it"],
    source: "Menghani et al., LAuReL, section 2")

  /// A path of some rank.
  public init(rank: Int) { self.rank = rank }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    rank = try fields.integer("rank", in: ModelLimits.widths)
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerOutput: rank]
  }

  public func fileTensors(hidden: Int) -> [FileTensor] {
    [
      FileTensor(.mixerInput, rowLength: hidden, elements: rank * hidden, kept: .f16),
      FileTensor(.mixerOutput, rowLength: rank, elements: rank * hidden, kept: .f16),
    ]
  }

  /// Down and up again; the norm takes 4 lane operations an element, the two additions one each.
  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let width = place.hidden
    let down = RowProduct(.residualPath, from: width, to: rank, .mixerInput, place.formats)
    var up = RowProduct(.residualPath, from: rank, to: width, .mixerOutput, place.formats)
    up.normWidth = width
    up.lanes = 6 * Double(width)
    up.specials = 1
    up.extraRead = width
    return StatelessMixer(parts: [down, up])
  }

  public var label: String { "" }

  public var summary: String { "low-rank residual of \(rank)" }
}
