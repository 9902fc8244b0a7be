import Quantities

/// The recurrent half of an LSTM or GRU: for each token in turn, the last output times a matrix, and gates.
struct GatedRecurrence: StateKeeping, Equatable {
  /// What tells an LSTM from a GRU, in multiples of the width.
  struct Gates: Hashable {
    /// Gates, each a row block of both matrices.
    let count: Int
    /// Lane operations, without biases: one addition a gate and bias comes on top.
    let own: Int
    /// Sigmoids and hyperbolic tangents.
    let special: Int
    /// State vectors.
    let states: Int
  }

  private let width: Int
  private let gates: Gates
  private let biases: Int
  private let weights: CompactFormat
  private let bias: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision

  /// The input half, one product for all tokens, and the recurrent half.
  static func parts(_ gates: Gates, biases: Int, _ place: MixerPlace) -> [any Emitter] {
    [
      MixerProduct(
        .mixerInput, .mixerInput, from: place.hidden, to: gates.count * place.hidden,
        hasBias: biases > 0, place.formats),
      GatedRecurrence(width: place.hidden, gates: gates, biases: biases, place.formats),
    ]
  }

  private init(width: Int, gates: Gates, biases: Int, _ formats: LayerFormats) {
    self.width = width
    self.gates = gates
    self.biases = biases
    weights = formats.compact(.mixerInner)
    bias = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    precision = formats.precision(with: .mixerInner)
  }

  var stateBytes: Bytes { Bytes(4 * Double(gates.states * width)) }

  /// S products [b, h] × [h, g·h], each of which reads the same weights again.
  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let columns = gates.count * width
    let times = Double(step.newTokens)
    let rows = Double(step.rows)
    var work = Work.product(
      m: Double(step.batch), n: Double(columns), k: Double(width), count: times,
      precision: precision)
    work.vector = FLOPs(rows * Double((gates.own + gates.count * biases) * width))
    work.special = FLOPs(rows * Double(gates.special * width))
    work.launches = times
    buffer.append(
      .scan, .matmul(m: Double(step.batch), n: columns, k: width, count: times), work: work
    ) { operation in
      operation.add(
        Operand(.activationRead, rows: step.rows, columns: columns, format: activations))
      operation.add(
        Operand(
          .weights, rows: columns, columns: width, format: weights, touched: times, resident: 1,
          distinct: 1))
      if biases > 1 {
        operation.add(
          Operand(
            .weights, rows: 1, columns: columns, format: bias, touched: times, resident: 1,
            distinct: 1))
      }
      if step.isCausal {
        operation.add(
          Operand(
            .state, rows: step.batch, columns: gates.states * width, format: CompactFormat(.f32)))
      }
      operation.add(
        Operand(.activationWrite, rows: step.rows, columns: width, format: activations))
    }
  }
}
