import Quantities

/// What a mixer does to each row alone, or to each row and a small state.
///
/// Filters over the last few rows, gates, norms, recurrences of vectors: lanes and special functions only.
struct RowOperation: StateKeeping, Equatable {
  /// The shape of the work.
  enum Form: Equatable {
    /// Each row alone.
    case pointwise
    /// A filter over the last `taps` rows of each channel.
    case filter(taps: Int)
    /// A recurrence: one row after the other.
    case recurrence
  }

  let id: Operation.ID
  let form: Form
  /// Channels that are worked on.
  let width: Int
  /// Columns that are read and written; the width unless said otherwise.
  var read: Int
  var written: Int
  /// Lane operations and special functions a row.
  var vector: Double
  var special = 0.0
  /// Elements of vectors and filters, of norms, and of biases.
  var vectors = 0
  var norms = 0
  var biases = 0
  /// Elements of the state of one sequence in 32 bits, and in the format of the activations.
  var wideState = 0
  var narrowState = 0
  private let vectorFormat: CompactFormat
  private let normFormat: CompactFormat
  private let biasFormat: CompactFormat
  private let activations: CompactFormat

  /// An operation on rows of `width` channels; counts and operands are set afterwards.
  init(_ id: Operation.ID, _ form: Form, width: Int, vector: Double, _ formats: LayerFormats) {
    self.id = id
    self.form = form
    self.width = width
    self.vector = vector
    read = width
    written = width
    vectorFormat = formats.compact(.mixerVector)
    normFormat = formats.compact(.norm)
    biasFormat = formats.compact(.bias)
    activations = CompactFormat(formats.activations)
    // A filter keeps the rows before the last.
    if case .filter(let taps) = form { narrowState = (taps - 1) * width }
  }

  var stateBytes: Bytes {
    Bytes(4 * Double(wideState) + activations.bytesPerElement * Double(narrowState))
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    buffer.append(
      id, kind(step), work: Work(vector: vector * Double(rows), special: special * Double(rows))
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: read, format: activations))
      if vectors > 0 {
        operation.add(Operand(.weights, rows: 1, columns: vectors, format: vectorFormat))
      }
      if norms > 0 {
        operation.add(Operand(.weights, rows: 1, columns: norms, format: normFormat))
      }
      if biases > 0 {
        operation.add(Operand(.weights, rows: 1, columns: biases, format: biasFormat))
      }
      if step.isCausal { addState(step, to: &operation) }
      operation.add(Operand(.activationWrite, rows: rows, columns: written, format: activations))
    }
  }

  /// A step has one state or the other, so that six operands are enough.
  private func addState(_ step: Step, to operation: inout Operation) {
    if wideState > 0 {
      operation.add(
        Operand(.state, rows: step.batch, columns: wideState, format: CompactFormat(.f32)))
    } else if narrowState > 0 {
      operation.add(
        Operand(.state, rows: step.batch, columns: narrowState, format: activations))
    }
  }

  private func kind(_ step: Step) -> Operation.Kind {
    let rows = Double(step.rows)
    switch form {
    case .pointwise: return .pointwise(elements: rows * Double(width))
    case .filter(let taps): return .convolution(positions: rows, width: Double(taps * width))
    case .recurrence:
      return .scan(steps: Double(step.newTokens), width: Double(step.batch) * Double(width))
    }
  }
}
