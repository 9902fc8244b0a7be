import Quantities

/// The selective scan with its step sizes, skip and gate, in one kernel (Mamba, sections 3.3.2 and 3.4).
///
/// The states h = exp(Δ·A)·h + (Δ·x)·B and the outputs y = C·h of a token and channel: N exps, 6·N + 1 lane
/// operations; softplus and SiLU of the gate, skip and gate 4 (docs/method.md 1). States of tokens in
/// between are never written.
struct MambaScan: Emitter, Equatable {
  private let inner: Int
  private let state: Int
  private let vectors: CompactFormat
  private let activations: CompactFormat
  private static let states = CompactFormat(.f32)

  init(_ shape: Mamba, _ formats: LayerFormats) {
    inner = shape.inner
    state = shape.state
    vectors = formats.compact(.mixerVector)
    activations = CompactFormat(formats.activations)
  }

  /// Bytes of the state of one sequence: d_i·N in f32.
  var stateBytes: Bytes { Bytes(Double(inner * state) * Self.states.bytesPerElement) }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let channels = Double(rows) * Double(inner)
    let states = channels * Double(state)
    buffer.append(
      .scan,
      .scan(steps: Double(step.newTokens), width: Double(step.batch) * Double(inner * state)),
      work: Work(vector: 6 * states + 5 * channels, special: states + 2 * channels)
    ) { operation in
      // The input, its step sizes and the gate; B and C.
      operation.add(
        Operand(.activationRead, rows: rows, columns: 3 * inner + 2 * state, format: activations))
      // Decays A, and the skip D.
      operation.add(Operand(.weights, rows: inner, columns: state + 1, format: vectors))
      operation.add(
        Operand(.state, rows: step.batch * inner, columns: state, format: Self.states))
      operation.add(Operand(.activationWrite, rows: rows, columns: inner, format: activations))
    }
  }
}
