import Eaves

/// The recurrent half of an LSTM (Hochreiter and Schmidhuber 1997; torch.nn.LSTM).
///
/// Input rows [T, 4·h]: W_x·x of gates i, f, g, o, with a bias; U [4·h, h] and its bias [4·h]; state c, h [b, 2·h];
/// output [T, h]. c = σ(f)·c + σ(i)·tanh(g), h = σ(o)·tanh(c). U is read again for every token.
enum LSTMCell {
  /// - Throws: `KernelError` where the operands have other sizes.
  static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, batch: Int, tokens: Int
  ) throws(KernelError) {
    let output = try buffers.output()
    let width = output.columns
    let input = try buffers.buffer(0, rows: batch * tokens, columns: 4 * width)
    let weights = try buffers.buffer(1, rows: 4 * width, columns: width)
    let bias = try buffers.buffer(2, rows: 1, columns: 4 * width)
    let state = try buffers.buffer(3, rows: batch, columns: 2 * width)
    for token in 0..<tokens {
      for sequence in 0..<batch {
        let row = sequence * tokens + token
        let last = (0..<width).map { state[sequence, width + $0] }
        // gates: [4·h]
        let gates = (0..<4 * width).map { gate in
          Scalar.dot(width) { (weights[gate, $0], last[$0]) } + input[row, gate] + bias[0, gate]
        }
        for channel in 0..<width {
          let taken = gates[channel].sigmoid * gates[2 * width + channel].hyperbolicTangent
          let c = gates[width + channel].sigmoid * state[sequence, channel] + taken
          let h = gates[3 * width + channel].sigmoid * c.hyperbolicTangent
          state[sequence, channel] = c
          state[sequence, width + channel] = h
          output[row, channel] = h
        }
      }
    }
  }
}
