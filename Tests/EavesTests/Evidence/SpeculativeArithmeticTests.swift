import Eaves
import Testing

/// Closed forms against all outcomes of a pass.
@Suite struct SpeculativeArithmeticTests {
  /// The expected tokens, outcome by outcome: k accepted and then one refused, or all accepted.
  private func tokens(_ acceptance: Double, drafts: Int) -> Double {
    var (expected, reached) = (0.0, 1.0)
    for accepted in 0..<drafts {
      expected += reached * (1 - acceptance) * Double(accepted + 1)
      reached *= acceptance
    }
    return expected + reached * Double(drafts + 1)
  }

  @Test(arguments: [0.0, 0.3, 0.62, 0.84, 0.999], [0, 1, 3, 7, 32])
  func tokensOfAPassAreTheMeanOverItsOutcomes(acceptance: Double, drafts: Int) {
    let form = SpeculativeArithmetic(acceptance: acceptance, cost: 0.1)
    #expect(abs(form.tokens(drafts: drafts) - tokens(acceptance, drafts: drafts)) < 1e-9)
    let closed = (1 - power(acceptance, drafts + 1)) / (1 - acceptance)
    #expect(abs(form.tokens(drafts: drafts) - closed) < 1e-9)
  }

  /// Leviathan et al., table 4: expected improvements, to the digits printed.
  @Test(arguments: [(7, 0.75, 0.02, 3.2), (7, 0.8, 0.04, 3.3), (7, 0.82, 0.11, 2.5)])
  func theoremGivesThePrintedImprovements(
    drafts: Int, acceptance: Double, cost: Double, printed: Double
  ) {
    let form = SpeculativeArithmetic(acceptance: acceptance, cost: cost)
    #expect(abs(form.speedup(drafts: drafts) - printed) < 0.07)
  }

  @Test func theBestNumberOfDraftsIsNoneWhereDraftingCostsTooMuch() {
    #expect(SpeculativeArithmetic(acceptance: 0.3, cost: 0.9).bestSpeedup == 1)
  }

  @Test func theBestNumberOfDraftsIsTheBestOfAll() {
    let form = SpeculativeArithmetic(acceptance: 0.76, cost: 0.015)
    let best = (0...SpeculativeArithmetic.mostDrafts).map { form.speedup(drafts: $0) }.max()
    #expect(form.bestSpeedup == best)
    #expect(form.bestSpeedup > form.speedup(drafts: 1))
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { value, _ in value * base }
  }
}
