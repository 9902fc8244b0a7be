/// Speculative sampling on distributions over a few tokens (Leviathan and others 2023, algorithm 1).
///
/// A draft proposes γ tokens; each is kept with probability min(1, p/q); the first that is not is drawn anew from
/// max(0, p − q), and after γ kept ones another is drawn from p.
public struct SpeculativeDecoding: Sendable {
  /// Probabilities of the target (p) and of the draft (q).
  public let target: [Double]
  public let draft: [Double]
  /// Tokens that are proposed (γ).
  public let drafts: Int

  /// Two distributions over the same tokens.
  public init(target: [Double], draft: [Double], drafts: Int) {
    self.target = target
    self.draft = draft
    self.drafts = drafts
  }

  /// The chance that a proposed token is kept: Σ min(p, q) (corollary 3.6).
  public var acceptance: Double { zip(target, draft).reduce(0) { $0 + min($1.0, $1.1) } }

  /// The tokens of one pass of the target: between 1 and γ + 1.
  public func pass(_ random: inout some RandomNumberGenerator) -> [Int] {
    var tokens: [Int] = []
    for _ in 0..<drafts {
      let token = Self.draw(draft, &random)
      if Self.uniform(&random) * draft[token] < target[token] {
        tokens.append(token)
        continue
      }
      let rest = zip(target, draft).map { max(0, $0 - $1) }
      let sum = rest.reduce(0, +)
      return tokens + [Self.draw(rest.map { $0 / sum }, &random)]
    }
    return tokens + [Self.draw(target, &random)]
  }

  /// A number in [0, 1).
  private static func uniform(_ random: inout some RandomNumberGenerator) -> Double {
    Double(random.next() >> 11) * 0x1p-53
  }

  private static func draw(
    _ probabilities: [Double], _ random: inout some RandomNumberGenerator
  ) -> Int {
    var left = uniform(&random)
    for (token, probability) in probabilities.enumerated() {
      left -= probability
      if left < 0 { return token }
    }
    return probabilities.lastIndex { $0 > 0 } ?? 0
  }
}
