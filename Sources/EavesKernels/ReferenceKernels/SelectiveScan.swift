import Eaves

/// The selective scan of Mamba in one kernel (Gu and Dao 2023, sections 3.3.2 and 3.4).
///
/// Input rows [T, x | Δ | z | B | C] = [T, 3·d_i + 2·N]; weights [d_i, A | D] = [d_i, N + 1]; state h [b·d_i, N];
/// output [T, d_i]. h = exp(Δ·A)·h + (Δ·x)·B and y = C·h + D·x, times SiLU(z); Δ after softplus.
enum SelectiveScan {
  /// - Throws: `KernelError` where the operands have other sizes.
  static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, batch: Int, tokens: Int
  ) throws(KernelError) {
    guard let state = buffers.with(.state).first, let weights = buffers.with(.weights).first else {
      throw .operandMismatch("no state or no decays")
    }
    let (inner, width) = (weights.rows, state.columns)
    let input = try buffers.buffer(0, rows: batch * tokens, columns: 3 * inner + 2 * width)
    let output = try buffers.output()
    for sequence in 0..<batch {
      for channel in 0..<inner {
        // h: [N]
        var h = (0..<width).map { state[sequence * inner + channel, $0] }
        for row in sequence * tokens..<(sequence + 1) * tokens {
          let x = input[row, channel]
          let delta = input[row, inner + channel].softplus
          let taken = delta * x
          for n in 0..<width {
            let decay = (delta * weights[channel, n]).exponential
            h[n] = decay * h[n] + taken * input[row, 3 * inner + n]
          }
          let read = Scalar.laneDot(width) { (input[row, 3 * inner + width + $0], h[$0]) }
          let skipped = read + weights[channel, width] * x
          output[row, channel] = skipped * input[row, 2 * inner + channel].silu
        }
        for n in 0..<width { state[sequence * inner + channel, n] = h[n] }
      }
    }
  }
}
