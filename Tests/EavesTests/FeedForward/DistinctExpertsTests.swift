import Eaves
import Quantities
import Testing

/// How many experts a batch touches: E·(1 − (1 − k/E)^T).
@Suite struct DistinctExpertsTests {
  /// The published examples, to their digits.
  @Test(arguments: [
    (8, 2, 1, 2.0), (8, 2, 2, 3.5), (8, 2, 4, 5.5), (8, 2, 8, 7.2), (8, 2, 16, 7.9),
    (256, 8, 1, 8), (256, 8, 2, 15.8), (256, 8, 4, 30.5), (256, 8, 8, 57.4),
  ])
  func theExpectationIsThePublishedOne(experts: Int, perToken: Int, tokens: Int, distinct: Double) {
    let expected = MixtureOfExperts.distinctExperts(experts, perToken: perToken, tokens: tokens)
    #expect((expected * 10).rounded() / 10 == distinct)
  }

  /// The formula is an expectation: the mean over seeded draws of k distinct experts a token.
  @Test(arguments: [(8, 2, 4), (32, 4, 16), (128, 8, 32)])
  func theExpectationIsTheMeanOfDraws(experts: Int, perToken: Int, tokens: Int) {
    var random = SplitMix64(seed: 3)
    let trials = 2000
    var total = 0
    for _ in 0..<trials {
      var touched = Set<Int>()
      for _ in 0..<tokens {
        var own = Set<Int>()
        while own.count < perToken { own.insert(Int.random(in: 0..<experts, using: &random)) }
        touched.formUnion(own)
      }
      total += touched.count
    }
    let expected = MixtureOfExperts.distinctExperts(experts, perToken: perToken, tokens: tokens)
    #expect(abs(Double(total) / Double(trials) / expected - 1) < 0.01)
  }

  @Test func oneTokenTouchesItsOwnAndManyTouchAll() {
    #expect(MixtureOfExperts.distinctExperts(128, perToken: 4, tokens: 1) == 4)
    #expect(abs(MixtureOfExperts.distinctExperts(128, perToken: 4, tokens: 100_000) - 128) < 1e-9)
  }

  /// Mixtral at batch 8 reads 84.1 GB a step against 25.5 GB at batch 1 (docs/method.md 1).
  @Test func theAdvantageOfFewActiveParametersBelongsToBatchOne() throws {
    let model = try Shipped.sixteenBit("mixtral-8x7b")
    func weights(_ batch: Int) -> Double {
      model.operations(.decode(context: 4096, batch: batch)).filter { $0.id != .embedding }
        .bytes([.weights]) / 1e8
    }
    #expect(weights(1).rounded() == 255)
    #expect(weights(8).rounded() == 841)
  }

  /// Work goes with tokens, traffic with distinct experts; all of them stay resident.
  @Test func workGoesWithTokensAndTrafficWithDistinctExperts() throws {
    let model = try Shipped.sixteenBit(TestChip.model(experts: 8, expertsPerToken: 2))
    let one = model.operations(.decode(context: 1))
    let four = model.operations(.decode(context: 1, batch: 4))
    let ids: Set<Operation.ID> = [.gateUp, .down]
    let expert = 3.0 * 64 * 128
    #expect(one.sum(ids) { $0.work.matrix.value } == 2 * 2 * expert)
    #expect(four.sum(ids) { $0.work.matrix.value } == 4 * 2 * 2 * expert)
    #expect(one.filter { ids.contains($0.id) }.bytes([.weights]) == 2 * 2 * expert)
    let distinct = 8 * (1 - 0.75 * 0.75 * 0.75 * 0.75)
    #expect(four.filter { ids.contains($0.id) }.bytes([.weights]) == 2 * distinct * expert)
    let resident = 8 * expert + 8.0 * 64 + 4.0 * 64 * 64 + 3 * 64 + 2 * 64_000
    #expect(model.inventory.parameters == resident)
  }
}
