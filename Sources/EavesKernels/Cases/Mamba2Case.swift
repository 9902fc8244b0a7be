public import Eaves

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Mamba-2: the recurrence of one token, and chunks.
///
/// Eaves counts softplus as one special function; it is two: one more a head and token.
public struct Mamba2Case: KernelCase {
  public static let family = "mamba2-chunks"
  let batch: Int
  let tokens: Int
  private static let mixer = Mamba2(
    state: 3, convolution: 4, heads: 4, headSize: 2, groups: 2, chunk: 4)

  init(batch: Int, tokens: Int) {
    self.batch = batch
    self.tokens = tokens
  }

  public var shape: String {
    let shape = Self.mixer
    return "b\(batch) H\(shape.heads)×\(shape.headSize) N\(shape.state) g\(shape.groups) "
      + "Q\(shape.chunk) S\(tokens)"
  }

  public var operations: [Operation] {
    get throws(KernelError) {
      let shape = Self.mixer
      return try TinyModel(
        hidden: 4, mixer: "mamba2",
        [
          "inner": shape.inner, "state": shape.state, "conv": shape.convolution,
          "heads": shape.heads, "head_dim": shape.headSize, "groups": shape.groups,
          "chunk": shape.chunk,
        ]
      ).operations(
        Step(newTokens: tokens, cachedTokens: 7, logitTokens: 1, batch: batch), .scan)
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let buffers = try memory.buffers(0)
    settle(buffers)
    try SSDChunks(buffers, Self.mixer, batch: batch, tokens: tokens).run()
    return try buffers.output().values
  }

  /// Decays below zero, as a trained model has them.
  private func settle<Scalar: KernelScalar>(_ buffers: Buffers<Scalar>) {
    let weights = buffers[1]
    for head in 0..<weights.columns {
      weights.fill(0, head, Scalar(-0.1 - abs(weights.values[head].widened)))
    }
  }

  /// The recurrence in float64, token by token.
  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let buffers = try memory.buffers(0)
    settle(buffers)
    let shape = Self.mixer
    let (input, weights, state) = (buffers[0], buffers[1].values, buffers[2].values)
    let (inner, width, heads) = (shape.inner, shape.state, shape.heads)
    return (0..<batch * tokens).flatMap { row in
      (0..<inner).map { channel in
        let head = channel / shape.headSize
        let shared = head * shape.groups / heads
        func at(_ row: Int, _ column: Int) -> Double {
          input.values[row * input.columns + column]
        }
        var h = (0..<width).map { state[(row / tokens * inner + channel) * width + $0] }
        for token in row / tokens * tokens...row {
          let raw = at(token, inner + 2 * shape.groups * width + head) + weights[heads + head]
          let delta = log(1 + exp(raw))
          for n in 0..<width {
            h[n] =
              exp(delta * weights[head]) * h[n] + at(token, inner + shared * width + n) * delta
              * at(token, channel)
          }
        }
        return (0..<width).reduce(weights[2 * heads + head] * at(row, channel)) {
          $0 + at(row, inner + (shape.groups + shared) * width + $1) * h[$1]
        }
      }
    }
  }

  public var unpredictedSpecial: Int { batch * tokens * Self.mixer.heads }

  static let all: [any KernelCase] = [(1, 1), (2, 1), (1, 8), (2, 11)].map {
    Mamba2Case(batch: $0.0, tokens: $0.1)
  }
}
