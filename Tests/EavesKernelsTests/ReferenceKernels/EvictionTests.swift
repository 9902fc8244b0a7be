import Eaves
import Testing

@testable import EavesKernels

@Suite struct EvictionTests {
  /// As many entries as Eaves says, in every step.
  @Test(arguments: EvictionCase.all.indices)
  func asManyEntriesSurviveAsThePolicyRetains(index: Int) throws {
    let kernel = try #require(EvictionCase.all[index] as? EvictionCase)
    let policy: any CachePolicy =
      switch kernel.policy {
      case .window(let size): RollingCache(window: size)
      case .sinks(let sinks, let window): SinksCache(sinks: sinks, window: window)
      case .heavyHitters(let heavy, let recent): H2OCache(.entries(heavy: heavy, recent: recent))
      case .scissorhands(let budget, _): ScissorhandsCache(budget: budget)
      case .tova(let budget): TOVACache(budget: budget)
      case .snapKV(let chosen, let window, let prompt):
        SnapKVCache(chosen: chosen, window: window, prompt: prompt)
      }
    var eviction = Eviction<Double>(kernel.policy)
    for token in 0..<EvictionCase.tokens {
      eviction.take(token) { EvictionCase.weigh(token, $0) }
      #expect(eviction.kept.count == policy.retained(token + 1), "\(policy.name) \(token)")
    }
  }

  /// Policies differ: a test of one that keeps the newest anyway would hold for all.
  @Test func policiesKeepDifferentEntries() {
    let kept = EvictionCase.all.compactMap { kernel -> [Int]? in
      guard let kernel = kernel as? EvictionCase else { return nil }
      var eviction = Eviction<Double>(kernel.policy)
      for token in 0..<EvictionCase.tokens {
        eviction.take(token) { EvictionCase.weigh(token, $0) }
      }
      return eviction.kept
    }
    #expect(Set(kept).count == EvictionCase.all.count)
  }
}
