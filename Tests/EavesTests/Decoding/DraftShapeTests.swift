import Testing

@testable import Eaves

/// Expected tokens of a round against every outcome of every candidate.
@Suite struct DraftShapeTests {
  /// Every pattern of accepted and rejected candidates of a level, and what follows the first accepted one.
  private static func enumerated(_ acceptance: Double, _ widths: ArraySlice<Int>) -> Double {
    guard let width = widths.first else { return 1 }
    var sum = 0.0
    for pattern in 0..<(1 << width) {
      let accepted = pattern.nonzeroBitCount
      var chance = 1.0
      for _ in 0..<accepted { chance *= acceptance }
      for _ in 0..<(width - accepted) { chance *= 1 - acceptance }
      let after = accepted > 0 ? enumerated(acceptance, widths.dropFirst()) : 0
      sum += chance * (1 + after)
    }
    return sum
  }

  @Test(arguments: [[], [1], [1, 1, 1, 1], [2], [4, 2], [3, 1, 2], [2, 2, 2, 1]])
  func expectedTokensAreThoseOfAllOutcomes(widths: [Int]) {
    for acceptance in [0.05, 0.5, 0.8, 1] {
      let tokens = DraftShape.tokens(acceptance: acceptance, widths: widths)
      #expect(abs(tokens / Self.enumerated(acceptance, widths[...]) - 1) < 1e-12)
    }
  }

  @Test(arguments: 0...32) func aChainIsTheSumOfLeviathan(drafts: Int) {
    for acceptance in [0.1, 0.62, 0.8, 0.99] {
      let arithmetic = SpeculativeArithmetic(acceptance: acceptance, cost: 0.1)
      let tokens = DraftShape.tokens(
        acceptance: acceptance, widths: Array(repeating: 1, count: drafts))
      #expect(abs(tokens / arithmetic.tokens(drafts: drafts) - 1) < 1e-12)
    }
  }

  @Test func nodesOfALevelAreTheCandidatesOfAllBefore() {
    #expect(DraftShape.levels([4, 2, 3]) == [4, 8, 24])
    #expect(DraftShape.levels([]).isEmpty)
    #expect(DraftShape.levels(Array(repeating: 1024, count: 32)).allSatisfy { $0 > 0 })
  }
}
