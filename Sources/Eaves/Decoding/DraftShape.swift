/// What a draft proposes in a round: a chain of tokens, or a tree of them.
public enum DraftShape: Sendable, Hashable {
  /// γ tokens, each after those before it.
  case chain(Int)
  /// The chain that makes a token soonest, none included.
  case best
  /// So many candidates after each token of the level before: widths by level.
  case tree([Int])

  /// The most tokens of a chain, and of a tree.
  static let mostDrafts = SpeculativeArithmetic.mostDrafts
  static let mostNodes = 1024

  /// How a configuration writes it.
  var text: String {
    switch self {
    case .chain(let count): "gamma=\(count)"
    case .best: "gamma=best"
    case .tree(let widths): "tree=" + widths.map { "\($0)" }.joined(separator: "x")
    }
  }

  /// Reads `gamma=N`, `gamma=best` or `tree=W1xW2`; `nil` where there is none, both, or one out of range.
  init?(_ text: inout OptionText) {
    switch (text.text("gamma"), text.text("tree")) {
    case ("best", nil): self = .best
    case (let gamma?, nil):
      guard let count = Int(gamma), (0...Self.mostDrafts).contains(count) else { return nil }
      self = .chain(count)
    case (nil, let tree?):
      let widths = tree.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      let known = widths.compactMap { $0 }
      guard known.count == widths.count, known.count <= Self.mostDrafts,
        known.allSatisfy({ (1...Self.mostNodes).contains($0) }),
        Self.levels(known).reduce(0, +) <= Self.mostNodes
      else { return nil }
      self = .tree(known)
    default: return nil
    }
  }

  /// Candidates of each level; saturates where there are very many.
  static func levels(_ widths: [Int]) -> [Int] {
    var nodes = 1
    return widths.map { width in
      nodes = min(nodes, mostNodes) * width
      return nodes
    }
  }

  /// Widths by level; a chain has one candidate a level.
  func widths() -> [Int] {
    switch self {
    case .chain(let count): Array(repeating: 1, count: count)
    case .best: []
    case .tree(let widths): widths
    }
  }

  /// Expected tokens of a round: 1 + Σ over levels of the chance that all levels so far have an accepted candidate.
  ///
  /// Candidates of one place are accepted independently, each with probability α: for a chain that is
  /// (1 − α^(γ+1))/(1 − α).
  /// - Parameters:
  ///   - acceptance: α, above 0 and at most 1.
  ///   - widths: candidates by level.
  /// - Returns: tokens a sequence, from 1 to one more than the levels.
  static func tokens(acceptance: Double, widths: [Int]) -> Double {
    var (sum, chance) = (1.0, 1.0)
    for width in widths {
      var missed = 1.0
      for _ in 0..<width { missed *= 1 - acceptance }
      // One candidate is accepted with α itself, to the last digit.
      chance *= width == 1 ? acceptance : 1 - missed
      sum += chance
    }
    return sum
  }
}
