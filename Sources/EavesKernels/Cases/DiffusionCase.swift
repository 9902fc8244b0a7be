public import Eaves

/// A denoising step of a diffusion model: a bidirectional pass over all tokens, or over a block against keys and values
/// that an earlier pass left (Nie and others 2025, LLaDA, section 2; Wu and others 2025, Fast-dLLM, section 3.2).
///
/// Steps follow one another: what a step makes of its tokens is what the next one asks with.
public struct DiffusionCase: KernelCase {
  public static let family = "diffusion-step"
  let steps: Int
  let block: Int
  let cached: Int

  public var shape: String { "\(steps) steps S\(block) n\(cached)" }

  private var step: Step {
    Step(
      newTokens: block, cachedTokens: cached, logitTokens: block, batch: 1, isCausal: false)
  }

  private static let attention = Block.Attention(heads: 2, kvHeads: 2, headSize: 4)

  public var operations: [Operation] {
    get throws(KernelError) {
      var model = TinyModel(attention: Self.attention, kind: .diffusion)
      model.keepsApproximateCache = cached > 0
      let operation = try model.operations(step, .attention)
      return (0..<steps).flatMap { _ in operation }
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let side = Schedule.tileRows
    var given: [Int: Buffer<Scalar>] = [:]
    var outputs: [Scalar] = []
    for index in 0..<steps {
      let buffers = try memory.buffers(index, given: given)
      try AttentionFused.run(
        buffers, Bidirectional(), step, .tiles(rows: min(side, block), columns: side))
      outputs += try buffers.output().values
      given = [0: try buffers.output()]
    }
    return outputs
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    var outputs: [Double] = []
    let width = Self.attention.heads * Self.attention.headSize
    for index in 0..<steps {
      let buffers = try memory.buffers(index)
      if index > 0 {
        for (place, value) in outputs.suffix(block * width).enumerated() {
          buffers[0].fill(place / width, place % width, value)
        }
      }
      outputs += try AttentionFused.job(buffers, Visibility(Bidirectional(), step), batch: 1)
        .definition()
    }
    return outputs
  }

  static let all: [any KernelCase] = [(3, 12, 0), (2, 4, 10)].map {
    DiffusionCase(steps: $0.0, block: $0.1, cached: $0.2)
  }
}
