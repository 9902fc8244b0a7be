public import Eaves

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Mamba's selective scan.
///
/// Eaves counts softplus as one special function; it is two, an exp and a logarithm: one more a channel and token.
public struct MambaCase: KernelCase {
  public static let family = "mamba-scan"
  let batch: Int
  let tokens: Int
  private static let inner = 5
  private static let state = 4

  init(batch: Int, tokens: Int) {
    self.batch = batch
    self.tokens = tokens
  }

  public var shape: String { "b\(batch) d\(Self.inner) N\(Self.state) S\(tokens)" }

  public var operations: [Operation] {
    get throws(KernelError) {
      try TinyModel(
        hidden: 4, mixer: "mamba",
        ["inner": Self.inner, "state": Self.state, "conv": 4, "dt_rank": 2]
      ).operations(
        Step(newTokens: tokens, cachedTokens: 7, logitTokens: 1, batch: batch), .scan)
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    settle(buffers)
    try SelectiveScan.run(buffers, batch: batch, tokens: tokens)
    return try buffers.output().values
  }

  /// Decays below zero, as a trained model has them.
  private func settle<Scalar: KernelScalar>(_ buffers: Buffers<Scalar>) {
    for weights in buffers.with(.weights) {
      for row in 0..<weights.rows {
        for column in 0..<Self.state {
          let value = -1 - abs(weights.values[row * weights.columns + column].widened)
          weights.fill(row, column, Scalar(value))
        }
      }
    }
  }

  /// y[t] as the sum of what every earlier token leaves: no state is kept.
  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let buffers = try memory.buffers(0)
    settle(buffers)
    let (inner, width) = (Self.inner, Self.state)
    guard let weights = buffers.with(.weights).first, let state = buffers.with(.state).first else {
      throw .operandMismatch("no weights")
    }
    let input = buffers[0]
    func at(_ row: Int, _ column: Int) -> Double { input.values[row * input.columns + column] }
    func delta(_ row: Int, _ channel: Int) -> Double { log(1 + exp(at(row, inner + channel))) }
    return (0..<batch * tokens * inner).map { place in
      let (row, channel) = (place / inner, place % inner)
      let first = row / tokens * tokens
      var sum = weights.values[channel * (width + 1) + width] * at(row, channel)
      for n in 0..<width {
        let a = weights.values[channel * (width + 1) + n]
        var left = 0.0
        for other in (first...row).reversed() {
          sum +=
            at(row, 3 * inner + width + n) * exp(a * left) * delta(other, channel)
            * at(other, 3 * inner + n) * at(other, channel)
          left += delta(other, channel)
        }
        sum +=
          at(row, 3 * inner + width + n) * exp(a * left)
          * state.values[(row / tokens * inner + channel) * width + n]
      }
      let gate = at(row, 2 * inner + channel)
      return sum * gate / (1 + exp(-gate))
    }
  }

  public var unpredictedSpecial: Int { batch * tokens * Self.inner }

  static let all: [any KernelCase] = [(1, 1), (2, 1), (2, 13)].map {
    MambaCase(batch: $0.0, tokens: $0.1)
  }
}
