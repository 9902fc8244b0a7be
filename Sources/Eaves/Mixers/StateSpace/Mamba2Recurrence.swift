import Quantities

/// The recurrence of Mamba-2 with its step sizes and skip, and the gate where no norm follows it.
///
/// One token a sequence: h = a·h + B·(Δ·x) and y = C·h on the lanes. Longer steps in chunks of Q tokens, no
/// longer than the step: products of the chunk's tokens with each other, of the chunk with the state
/// before it, and into the state after it (Mamba-2, section 6 and listing 1).
struct Mamba2Recurrence: Emitter, Equatable {
  private let shape: Mamba2
  private let vectors: CompactFormat
  private let activations: CompactFormat
  private let precision: MultiplyPrecision
  private static let states = CompactFormat(.f32)

  init(_ shape: Mamba2, _ formats: LayerFormats) {
    self.shape = shape
    vectors = formats.compact(.mixerVector)
    activations = CompactFormat(formats.activations)
    precision = formats.precision.precision(
      weights: formats.activations, activations: formats.activations)
  }

  /// Bytes of the state of one sequence: d_i·N in f32.
  var stateBytes: Bytes {
    Bytes(Double(shape.inner * shape.state) * Self.states.bytesPerElement)
  }

  func emit(_ step: Step, into buffer: inout OperationBuffer) {
    let rows = step.rows
    let inputs = shape.convolutionWidth + shape.heads + (shape.hasGatedNorm ? 0 : shape.inner)
    let chunks = (step.newTokens + shape.chunk - 1) / shape.chunk
    buffer.append(
      .scan,
      .scan(
        steps: Double(chunks), width: Double(step.batch) * Double(shape.inner * shape.state)),
      work: step.newTokens == 1 ? recurrent(step) : chunked(step)
    ) { operation in
      operation.add(Operand(.activationRead, rows: rows, columns: inputs, format: activations))
      // Decay, bias of the step size and skip, one a head each.
      operation.add(Operand(.weights, rows: 3, columns: shape.heads, format: vectors))
      operation.add(
        Operand(
          .state, rows: step.batch * shape.inner, columns: shape.state, format: Self.states))
      operation.add(
        Operand(.activationWrite, rows: rows, columns: shape.inner, format: activations))
    }
  }

  /// Δ·x, skip and gate of a token's channels; softplus of its step sizes, and SiLU of the gate.
  private var outside: (vector: Double, special: Double) {
    let channels = Double(shape.inner)
    let gate = shape.hasGatedNorm ? 0 : channels
    return (3 * channels + 2 * gate, Double(shape.heads) + gate)
  }

  /// 5·d_i·N lane operations and one exp a head, for each token.
  private func recurrent(_ step: Step) -> Work {
    let rows = Double(step.rows)
    let states = Double(shape.inner) * Double(shape.state)
    return Work(
      vector: rows * (5 * states + outside.vector),
      special: rows * (Double(shape.heads) + outside.special))
  }

  /// 2·(g·N + d_i) matrix FLOPs a pair of tokens within a chunk and 4·d_i·N a token; executed in whole
  /// squares, of which the causal half is needed.
  ///
  /// On the lanes, for each pair and head: difference, exp and product of the decay (listing 1: segsum). For
  /// each token: sums of the decays, their exps into and out of the chunk, and what these multiply. For each
  /// chunk: the decay of the state, and the sum.
  private func chunked(_ step: Step) -> Work {
    let pairs = Self.pairs(tokens: step.newTokens, chunk: shape.chunk)
    let (batch, tokens) = (Double(step.batch), Double(step.newTokens))
    let (channels, heads) = (Double(shape.inner), Double(shape.heads))
    let states = channels * Double(shape.state)
    let width = Double(shape.selectionWidth) + channels
    let own = 2 * states * tokens
    let perToken = heads + 3 * channels + outside.vector
    return Work(
      multiplyAdds: batch * (width * pairs.causal + own),
      executed: batch * (width * pairs.executed + own), precision: precision,
      vector: batch * (2 * heads * pairs.causal + tokens * perToken + pairs.chunks * 2 * states),
      special: batch
        * (heads * pairs.causal + tokens * (2 * heads + outside.special) + pairs.chunks * heads))
  }

  /// Pairs of tokens within chunks: those that see each other, and those of whole squares.
  static func pairs(
    tokens: Int, chunk: Int
  ) -> (causal: Double, executed: Double, chunks: Double) {
    let length = Double(min(chunk, tokens))
    let whole = Double(tokens / chunk)
    let rest = Double(tokens % chunk)
    return (
      (whole * length * (length + 1) + rest * (rest + 1)) / 2,
      whole * length * length + rest * rest,
      whole + (rest > 0 ? 1 : 0)
    )
  }
}
