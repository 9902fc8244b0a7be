import Quantities

/// Several residual streams of which a block computes one, and predicts and corrects the others (AltUp).
public struct AltUpShape: MixerShape {
  /// Residual streams (K).
  public var streams: Int

  public static let technique = Technique(
    name: "altup", axis: .mixer, form: "altup",
    summary: "A block computes one of several residual streams and predicts the others.",
    equation: "weights = d·K + K³ + K² + 2·d",
    conditions: ["the model was trained with it"],
    source: "Baykal et al., Alternating Updates, section 3")

  /// A number of streams.
  public init(streams: Int) { self.streams = streams }

  public init<Fields: FieldReader>(reading fields: Fields) throws(Fields.Failure) {
    streams = try fields.integer("streams", in: 2...64)
  }

  public func rowLengths(hidden: Int) -> [TensorRole: Int] { [.mixerInner: hidden] }

  public func fileTensors(hidden: Int) -> [FileTensor] {
    [FileTensor(.mixerInner, rowLength: hidden, elements: streams * hidden, kept: .f16)]
  }

  public func mixer(_ place: MixerPlace) -> any TokenMixer {
    StatelessMixer(parts: [
      AlternatingUpdate(width: place.hidden, streams: streams, formats: place.formats)
    ])
  }

  public var label: String { "" }

  public var summary: String { "\(streams) residual streams" }
}

/// Prediction and correction of the streams around a block.
private struct AlternatingUpdate: Emitter, Equatable {
  private let width: Int
  private let streams: Int
  private let router: CompactFormat
  private let vectors: CompactFormat
  private let norm: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  init(width: Int, streams: Int, formats: LayerFormats) {
    self.width = width
    self.streams = streams
    router = formats.compact(.mixerInner)
    vectors = formats.compact(.mixerVector)
    norm = formats.compact(.norm)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .mixerInner)
  }

  /// A router over the normalised stream, before and after the block: [2T, d] × [d, K].
  ///
  /// Of its K outputs come K² factors that mix the streams, and K that spread the block's change over them.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let (d, k) = (Double(width), Double(streams))
    var work = Work.product(m: 2 * Double(rows), n: k, k: d, precision: precision)
    // Two norms; mixing and addition; the change, its share for each stream, and the scale of the output.
    let lanes = 8 * d + (2 * k * k + k) * d + (1 + 2 * k + 1) * d + 2 * (k * k * k + k * k)
    work.vector = FLOPs(Double(rows) * lanes)
    work.special = FLOPs(Double(rows) * (2 + 2 * k))
    buffer.append(
      .residualPath, .matmul(m: 2 * Double(rows), n: streams, k: width, count: 1), work: work
    ) { operation in
      operation.add(
        Operand(
          .activationRead, rows: 2 * rows, columns: streams * width, format: activations))
      operation.add(Operand(.weights, rows: streams, columns: width, format: router))
      // Factors of the prediction and of the correction, and the scale of the output.
      operation.add(
        Operand(
          .weights, rows: 1, columns: streams * streams * (streams + 1) + width, format: vectors))
      operation.add(Operand(.weights, rows: 1, columns: width, format: norm))
      operation.add(
        Operand(
          .activationWrite, rows: 2 * rows, columns: streams * width, format: activations))
    }
  }
}
