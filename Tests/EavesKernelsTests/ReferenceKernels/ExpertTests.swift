import Eaves
import EavesBlocks
import Testing

@testable import EavesKernels

@Suite struct ExpertTests {
  /// Hits of a long trace against the closed form of uniform routing.
  @Test(arguments: [(8, 2, 2), (8, 2, 4), (64, 6, 32)])
  func hitsAreThoseOfTheClosedForm(experts: Int, perToken: Int, cached: Int) {
    let trace = ExpertLRUCase(experts: experts, perToken: perToken, capacity: cached)
      .trace(tokens: 6000)
    var cache = ExpertLRU(capacity: cached)
    let hits = trace.count { cache.lookUp($0) }
    let expected = ExpertCacheArithmetic(experts: experts, perToken: perToken, cached: cached)
      .hitRatio
    #expect(abs(Double(hits) / Double(trace.count) - expected) < 0.02)
  }

  /// The experts that tokens touch are, on average, as many as Eaves says.
  @Test(arguments: [(8, 2, 4), (8, 2, 1), (16, 4, 9)])
  func distinctExpertsAreThoseExpected(experts: Int, perToken: Int, tokens: Int) {
    var generator = SplitMix64(seed: 9)
    let trials = 2000
    var total = 0
    for _ in 0..<trials {
      let probabilities = (0..<tokens * experts).map { _ in Double(generator.uniform()) }
      total +=
        MixtureOfExpertsKernel<Double>.choose(probabilities, experts, perToken).touched.count
    }
    let expected = MixtureOfExperts.distinctExperts(experts, perToken: perToken, tokens: tokens)
    let spread = 3 * Double(experts).squareRoot() / 2 / Double(trials).squareRoot()
    #expect(abs(Double(total) / Double(trials) - expected) <= spread)
  }
}
