/// Closed forms of speculative decoding under independent acceptance.
///
/// A draft proposes γ tokens, each is accepted with probability α, and the first that is not is replaced by a
/// token of the target. Source: Leviathan et al., equation 1 and theorem 3.8; docs/validation.md.
public struct SpeculativeArithmetic: Sendable, Hashable {
  /// Probability that a drafted token is accepted (α), below 1.
  public var acceptance: Double
  /// Time of a draft step over that of a target step (c).
  public var cost: Double

  /// Acceptance and relative cost of a draft.
  public init(acceptance: Double, cost: Double) {
    self.acceptance = acceptance
    self.cost = cost
  }

  /// The most drafts that `bestSpeedup` tries.
  public static let mostDrafts = 32

  /// Expected tokens of a pass of the target: 1 + α + … + α^γ.
  public func tokens(drafts: Int) -> Double {
    var (sum, term) = (0.0, 1.0)
    for _ in 0...max(0, drafts) {
      sum += term
      term *= acceptance
    }
    return sum
  }

  /// Walltime improvement over one token a pass: expected tokens over (γc + 1), where verifying takes as long
  /// as one decode step (theorem 3.8).
  public func speedup(drafts: Int) -> Double {
    tokens(drafts: drafts) / (Double(drafts) * cost + 1)
  }

  /// The improvement with the best number of drafts from 0 (no drafting) to `mostDrafts`.
  public var bestSpeedup: Double {
    (0...Self.mostDrafts).reduce(1) { max($0, speedup(drafts: $1)) }
  }
}
