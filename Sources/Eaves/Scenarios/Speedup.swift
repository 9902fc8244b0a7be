import Quantities

/// What a configuration gains over a baseline.
public struct Speedup: Sendable, Hashable {
  /// On paper: the ratio of the lower bounds, what fewer FLOPs and bytes would give at the chip's peaks.
  public let paper: Double
  /// Realised: the ratio of the expected times under the runtime.
  public let realised: Double

  init(of cost: Cost, against baseline: BaselineTimes) {
    paper = baseline.lower / cost.lower
    realised = baseline.expected / cost.expected
  }

  /// Whether the two differ so much that a reader should know why.
  var needsReason: Bool { abs(paper / realised - 1) > 0.05 }

  /// Both figures, and why the expected time is not what the lower bound promises.
  func sentence(_ cost: Cost, _ bound: Bound, runtime: String) -> String {
    let reason = Self.reason(cost, bound, runtime: runtime)
    return "\(significant(realised))× realised of \(significant(paper))× on paper: \(reason)"
  }

  private static func reason(_ cost: Cost, _ bound: Bound, runtime: String) -> String {
    let fixed = cost.seconds(limitedBy: .overhead) / cost.expected
    if fixed > 0.2 {
      return "fixed times of \(runtime) are \(significant(100 * fixed, digits: 2)) % of the step"
    }
    switch bound {
    case .dequantisation(let engine): return "expanding the weights on \(engine) takes longest"
    case .compute(let engine):
      return "arithmetic on \(engine) takes longest, which the change leaves"
    case .memory(let level):
      return "the achieved share of \(level) bandwidth and what else is moved"
    case .overhead, .link, .capacity: return "fixed times of \(runtime)"
    }
  }
}
