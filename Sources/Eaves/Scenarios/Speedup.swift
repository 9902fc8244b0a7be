public import Quantities

/// Times of a token, on paper and as realised: what comparisons are made of.
///
/// Of a token and not of a step, so that batches compare by throughput.
public struct TokenTimes: Sendable, Hashable {
  /// Under the `ideal` runtime: each operation at the chip's peaks, without fixed times.
  public let paper: Seconds
  /// Under the configuration's own runtime.
  public let realised: Seconds

  /// Times of a step that makes some tokens.
  public init(paper: Seconds, realised: Seconds, tokens: Double) {
    self.paper = paper / tokens
    self.realised = realised / tokens
  }
}

/// What a configuration gains over a baseline.
public struct Speedup: Sendable, Hashable {
  /// What fewer FLOPs and bytes would give at the chip's peaks.
  public let paper: Double
  /// What the runtime makes of it.
  public let realised: Double

  init(of times: TokenTimes, over baseline: TokenTimes) {
    paper = baseline.paper / times.paper
    realised = baseline.realised / times.realised
  }

  /// Whether the two differ so much that a reader should know why.
  var needsReason: Bool { abs(paper / realised - 1) > 0.05 }

  /// Both figures, and why the runtime realises less than paper promises, or more.
  ///
  /// `loss` is what keeps a technique from saving arithmetic on this chip, where it is known.
  func sentence(_ cost: Cost, _ bound: Bound, runtime: String, loss: String? = nil) -> String {
    var reason = realised > paper ? surplus : Self.reason(cost, bound, runtime: runtime)
    if realised < paper, let loss, case .compute = bound { reason = loss }
    return "\(significant(realised))× realised of \(significant(paper))× on paper: \(reason)"
  }

  /// Why more is realised: times at peaks and at achieved rates differ by part.
  private var surplus: String {
    realised < 1
      ? "what the change adds reaches more of its peak than the rest"
      : "what the change saves reaches less of its peak than the rest"
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
    case .link(let link): return "what \(link) carries takes longest"
    case .overhead, .capacity: return "fixed times of \(runtime)"
    }
  }
}
