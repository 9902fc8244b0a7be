public import Eaves

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A mixture of experts with routing.
///
/// The definition sums over all experts, with a gate of zero for those that were not chosen.
///
/// Shapes where the experts that are touched are certain: one token, or every expert for every token; elsewhere Eaves
/// has an expectation (`ExpertRoutingTests`). Not predicted: the reciprocal of the router's softmax, one a token.
public struct MixtureOfExpertsCase: KernelCase {
  public static let family = "moe"
  let tokens: Int
  let experts: Int
  let perToken: Int
  private static let hidden = 6
  private static let width = 5

  init(tokens: Int, experts: Int, perToken: Int) {
    self.tokens = tokens
    self.experts = experts
    self.perToken = perToken
  }

  public var shape: String { "T\(tokens) E\(experts) k\(perToken) d\(Self.hidden) F\(Self.width)" }

  public var operations: [Operation] {
    get throws(KernelError) {
      try TinyModel(
        hidden: Self.hidden,
        feedForward: Block.FeedForward(
          size: Self.width, isGated: true, activation: .silu, experts: experts,
          expertsPerToken: perToken)
      ).operations(.prefill(tokens), .router, .gateUp, .activation, .down)
    }
  }

  public func execute<Scalar: KernelScalar>(
    in memory: Memory<Scalar>
  ) throws(KernelError) -> [Scalar] {
    let kernel = MixtureOfExpertsKernel<Scalar>(
      experts: experts, perToken: perToken, width: Self.width)
    let routed = try memory.buffers(0)
    let routing = try kernel.route(routed)
    let widened = try memory.buffers(1, given: [0: routed[0]])
    try kernel.widen(widened, routing)
    let activated = try memory.buffers(2, given: [0: try widened.output()])
    try kernel.activate(activated)
    let narrowed = try memory.buffers(3, given: [0: try activated.output()])
    try kernel.narrow(narrowed, routing, probabilities: try routed.output())
    return try narrowed.output().values
  }

  public func define(from memory: Memory<Double>) throws(KernelError) -> [Double] {
    let routed = try memory.buffers(0)
    let weights = try memory.buffers(1).with(.weights)
    let down = try memory.buffers(3)[1].values
    let (d, f, experts) = (Self.hidden, Self.width, experts)
    let (x, router) = (routed[0].values, routed[1].values)
    return (0..<tokens).flatMap { token -> [Double] in
      let scores = (0..<experts).map { expert in
        exp((0..<d).reduce(0) { $0 + x[token * d + $1] * router[expert * d + $1] })
      }
      let sum = scores.reduce(0, +)
      let best = (0..<experts).sorted { scores[$0] > scores[$1] }.prefix(perToken)
      var y = Array(repeating: 0.0, count: d)
      for expert in 0..<experts {
        let gate = best.contains(expert) ? scores[expert] / sum : 0
        // Only touched experts are in memory: those of a single token in the order of their numbers.
        guard gate > 0,
          let slot = perToken == experts ? expert : best.sorted().firstIndex(of: expert)
        else { continue }
        for inner in 0..<f {
          func product(_ matrix: Int) -> Double {
            (0..<d).reduce(0) {
              $0 + x[token * d + $1] * weights[matrix].values[(slot * f + inner) * d + $1]
            }
          }
          let g = product(0)
          let made = g / (1 + exp(-g)) * product(1)
          for column in 0..<d { y[column] += gate * made * down[(slot * d + column) * f + inner] }
        }
      }
      return y
    }
  }

  public var unpredictedSpecial: Int { tokens }

  static let all: [any KernelCase] = [(1, 8, 2), (1, 4, 1), (5, 3, 3)].map {
    MixtureOfExpertsCase(tokens: $0.0, experts: $0.1, perToken: $0.2)
  }
}
