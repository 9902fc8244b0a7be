/// How many experts of a layer the tokens of a step touch on a device, and how many of those it must fetch, in
/// expectation: worked out once for a model, read in every step.
final class ExpertTraffic: Sendable {
  private let experts: Int
  private let perToken: Int
  /// Experts of a layer on a device, and devices.
  private let own: Int
  private let devices: Int
  private let kept: ExpertChoice.Kept
  /// Chances that an expert is among those of a token; empty where all are the same.
  private let inclusion: [Double]
  /// Experts found by the number of tokens in a step.
  private let found: FoundExperts?

  /// The traffic of a layer.
  /// - Parameters:
  ///   - part: its experts and devices.
  ///   - choice: where they are kept.
  init(_ part: Block.FeedForward, _ choice: ExpertChoice) {
    experts = part.experts
    perToken = part.expertsPerToken
    devices = part.expertDevices
    own = part.experts / max(1, part.expertDevices)
    kept = choice.kept
    let traces: [[[Int]]]
    switch choice.popularity {
    case .uniform: traces = []
    case .zipf(let exponent):
      traces = [ZipfRouting(experts: experts, perToken: perToken, exponent: exponent).trace]
    case .trace: traces = choice.trace?.layers ?? []
    }
    inclusion = Self.inclusion(traces, experts)
    guard case .recent(let count) = choice.kept else {
      found = nil
      return
    }
    found =
      traces.isEmpty
      ? FoundExperts(experts: experts, perToken: perToken, own: own, cached: count)
      : FoundExperts(traces: traces, experts: experts, devices: devices, cached: count)
  }

  /// The share of tokens that use each expert, over all layers of a trace.
  private static func inclusion(_ traces: [[[Int]]], _ experts: Int) -> [Double] {
    let tokens = traces.reduce(0) { $0 + $1.count }
    guard tokens > 0 else { return [] }
    var counts = Array(repeating: 0, count: experts)
    for expert in traces.joined().joined() where expert < experts { counts[expert] += 1 }
    return counts.map { Double($0) / Double(tokens) }
  }

  /// Distinct experts that `tokens` tokens of all devices touch on a device: Σ 1 − (1 − p_i)^T.
  func touched(tokens: Int) -> Double {
    guard !inclusion.isEmpty else {
      return MixtureOfExperts.distinctExperts(experts, perToken: perToken, tokens: tokens)
        / Double(devices)
    }
    if tokens == 1 { return Double(perToken) / Double(devices) }
    let missed = inclusion.reduce(0) { $0 + MixtureOfExperts.power(1 - $1, tokens) }
    return (Double(experts) - missed) / Double(devices)
  }

  /// Distinct experts that a device must fetch for a step.
  func missing(tokens: Int) -> Double {
    switch kept {
    case .all: 0
    case .none: touched(tokens: tokens)
    case .noneAtAll: Double(own)
    case .recent(let count):
      count >= own ? 0 : max(0, touched(tokens: tokens) - (found?.mean(tokens: tokens) ?? 0))
    }
  }

  /// Experts of a layer that stay on a device.
  var resident: Double {
    switch kept {
    case .all: Double(own)
    case .none, .noneAtAll: 0
    case .recent(let count): Double(min(count, own))
    }
  }
}
