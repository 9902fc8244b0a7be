import Quantities

/// A causal filter over the last few tokens of each channel, and SiLU: K multiply-adds a channel and token
/// on the lanes, as each channel has a filter of its own (Mamba, section 3.4).
///
/// The last K − 1 tokens are kept from step to step, in the format of the activations.
struct ChannelFilter: Emitter, Equatable {
  private let channels: Int
  /// Tokens that the filter sees (K), the new one included.
  private let length: Int
  private let filter: CompactFormat
  /// The format of the bias; `nil` where there is none.
  private let bias: CompactFormat?
  private let activations: CompactFormat

  init(channels: Int, length: Int, hasBias: Bool, formats: LayerFormats) {
    self.channels = channels
    self.length = length
    filter = formats.compact(.mixerVector)
    bias = hasBias ? formats.compact(.bias) : nil
    activations = CompactFormat(formats.activations)
  }

  /// Bytes of the tokens that are kept of one sequence.
  var stateBytes: Bytes {
    Bytes(Double((length - 1) * channels) * activations.bytesPerElement)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let elements = Double(rows) * Double(channels)
    buffer.append(
      .convolution, .convolution(positions: Double(rows), width: Double(length * channels)),
      work: Work(vector: 2 * Double(length) * elements, special: elements)
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: channels, format: activations))
      operation.add(Operand(.weights, rows: channels, columns: length, format: filter))
      if let bias { operation.add(Operand(.weights, rows: 1, columns: channels, format: bias)) }
      operation.add(
        Operand(
          .state, rows: step.batch * (length - 1), columns: channels, format: activations))
      operation.add(Operand(.activationWrite, rows: rows, columns: channels, format: activations))
    }
  }
}
