import Eaves

/// The recurrence of RG-LRU (Griffin, section 2.4), channel by channel.
///
/// Input rows [T, x | r | i] = [T, 3·w], gates before their sigmoid; λ = −c·softplus(Λ) [w], folded beforehand; state
/// h [b, w]; output [T, w]. a = exp(λ·σ(r)), h = a·h + √(1 − a²)·(σ(i)·x).
enum GatedLinearRecurrence {
  /// - Throws: `KernelError` where the operands have other sizes.
  static func run<Scalar: KernelScalar>(
    _ buffers: Buffers<Scalar>, batch: Int, tokens: Int
  ) throws(KernelError) {
    let output = try buffers.output()
    let width = output.columns
    let input = try buffers.buffer(0, rows: batch * tokens, columns: 3 * width)
    let decays = try buffers.buffer(1, rows: 1, columns: width)
    let state = try buffers.buffer(2, rows: batch, columns: width)
    for sequence in 0..<batch {
      for channel in 0..<width {
        var h = state[sequence, channel]
        for row in sequence * tokens..<(sequence + 1) * tokens {
          let a = (decays[0, channel] * input[row, width + channel].sigmoid).exponential
          let taken = input[row, 2 * width + channel].sigmoid * input[row, channel]
          h = a * h + (Scalar(1) - a * a).root * taken
          output[row, channel] = h
        }
        state[sequence, channel] = h
      }
    }
  }
}
