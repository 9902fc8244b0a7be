import Eaves
import Testing

/// The closed form of hits against caches that are run.
@Suite struct ExpertCacheArithmeticTests {
  @Test(arguments: [(8, 2, 2), (8, 2, 4), (32, 4, 12), (8, 2, 1), (8, 2, 8), (16, 4, 2)])
  func aSimulatedCacheHitsAsOften(experts: Int, perToken: Int, cached: Int) {
    var random = SplitMix64(seed: 11)
    var cache: [Int] = []
    var (hits, lookups) = (0, 0)
    for token in 0..<20_000 {
      for expert in (0..<experts).shuffled(using: &random).prefix(perToken) {
        let place = cache.firstIndex(of: expert)
        if token >= 100 {
          hits += place == nil ? 0 : 1
          lookups += 1
        }
        if let place { cache.remove(at: place) }
        cache.append(expert)
        if cache.count > cached { cache.removeFirst() }
      }
    }
    let form = ExpertCacheArithmetic(experts: experts, perToken: perToken, cached: cached)
    #expect(abs(form.hitRatio - Double(hits) / Double(lookups)) < 0.008)
  }

  @Test func itIsNotTheShareOfExpertsThatAreCached() {
    let form = ExpertCacheArithmetic(experts: 8, perToken: 2, cached: 4)
    #expect(abs(form.hitRatio - 0.4642857) < 1e-6)
  }

  @Test func moreExpertsThanThereAreHitNothing() {
    #expect(ExpertCacheArithmetic(experts: 4, perToken: 5, cached: 4).hitRatio == 0)
    #expect(ExpertCacheArithmetic(experts: 4, perToken: 2, cached: 9).hitRatio == 1)
  }
}
