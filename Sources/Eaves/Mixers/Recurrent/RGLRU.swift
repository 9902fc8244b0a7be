/// The recurrent block of Griffin and RecurrentGemma: a short filter and a real-gated linear recurrence.
public struct RGLRU: MixerShape {
  public static let technique = Technique(
    name: "rg_lru", axis: .mixer, form: "rg_lru",
    summary:
      "Griffin's recurrent block: a gated linear recurrence of a vector after a short filter.",
    equation: "gates 2·2·w²/H FLOPs a token; 7·w lane operations and 2·w of biases; 4·w special "
      + "functions; state w in f32 and 3·w of the filter",
    conditions: [
      "the recurrence is a scan: no product of it suits a matrix engine",
      "the state stays in f32, and is read and written in every step",
    ],
    source: "De et al., Griffin: Mixing Gated Linear Recurrences with Local Attention, 2024, "
      + "section 2.4")

  /// Width of the recurrence (w).
  public let size: Int
  /// Diagonal blocks of the gates (H).
  public let heads: Int
  /// Taps of the filter.
  public let taps: Int

  /// A recurrence of some width, with gates in equal diagonal blocks.
  public init(size: Int, heads: Int, taps: Int) {
    self.size = size
    self.heads = heads
    self.taps = taps
  }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    size = try fields.integer("size", in: ModelLimits.widths)
    heads = try fields.integer("heads", in: ModelLimits.heads)
    taps = try fields.optionalInteger("kernel", in: 1...10_000) ?? 4
    guard size.isMultiple(of: heads) else {
      throw fields.error(
        at: "heads", "\(heads) blocks cannot share a width of \(size) equally",
        remedy: "write a divisor of \"size\"")
    }
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] {
    [.mixerInput: hidden, .mixerInner: size / heads, .mixerOutput: size]
  }

  public var summary: String { "RG-LRU of \(size) in \(heads) blocks, filter of \(taps)" }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    let (width, formats) = (place.hidden, place.formats)
    var filter = RowOperation(
      .convolution, .filter(taps: taps), width: size, vector: Double(2 * taps * size), formats)
    filter.vectors = taps * size
    filter.biases = size
    let block = size / heads
    var recurrence = RowOperation(
      .scan, .recurrence, width: size, vector: Double(7 * size + 2 * size), formats)
    recurrence.special = Double(4 * size)
    recurrence.read = 3 * size
    recurrence.vectors = size
    recurrence.wideState = size
    // GeLU of the other branch times the result.
    var gate = RowOperation(
      .outputGate, .pointwise, width: size, vector: Double(3 * size), formats)
    gate.special = Double(size)
    gate.read = 2 * size
    return MixerParts(
      [
        MixerProduct(
          .mixerInput, .mixerInput, from: width, to: 2 * size, hasBias: true, formats),
        filter,
        MixerProduct(
          .mixerInner, .mixerInner, from: block, to: block, blocks: 2 * heads, read: size,
          hasBias: true, formats),
        recurrence,
        gate,
        MixerProduct(.mixerOutput, .mixerOutput, from: size, to: width, hasBias: true, formats),
      ], place)
  }
}
