import Quantities
import Testing

@testable import Eaves

/// How much of the past a layer keeps.
@Suite struct CachePolicyTests {
  @Test(arguments: [0, 1, 7, 8, 9, 100, 1 << 20])
  func aRollingCacheKeepsItsWindowAndAFullOneEverything(tokens: Int) {
    #expect(RollingCache(window: 8).retained(tokens) == (tokens < 8 ? tokens : 8))
    #expect(FullCache().retained(tokens) == tokens)
  }

  /// A policy that a configuration cannot name is dead code: `RollingCache` is named `rolling`.
  @Test func everyPolicyOfTheFolderCanBeNamed() throws {
    let declared = try Sources.types(conformingTo: "CachePolicy", in: "Eaves/Caches")
    #expect(declared.count >= 2)
    let names = declared.map { $0.lowercased().replacing("cache", with: "") }
    #expect(Set(names) == Set(CachePolicyList.forms))
    #expect(RollingCache(window: 8).name == CacheChoice.rolling.name)
    #expect(FullCache().name == CacheChoice.full.name)
  }

  /// Mistral 7B at 32K: 4096 MiB full, 512 MiB rolling, a factor of 8 (Mistral 7B paper, section 2).
  @Test func aRollingCacheSavesAFactorOfEightOnMistralAt32K() throws {
    let tokens = 32_768
    let rolling = try Shipped.sixteenBit("mistral-7b-v0.1")
    let full = try Shipped.sixteenBit("mistral-7b-v0.1", cache: .full)
    #expect(rolling.kvCacheBytes(tokens: tokens, batch: 1).value == 512 * 0x1p20)
    #expect(full.kvCacheBytes(tokens: tokens, batch: 1).value == 4096 * 0x1p20)
  }

  /// Without windows there is nothing to roll: both policies keep the same.
  @Test func aModelWithoutWindowsKeepsEverythingEitherWay() throws {
    let rolling = try Shipped.sixteenBit("llama-3.1-8b")
    let full = try Shipped.sixteenBit("llama-3.1-8b", cache: .full)
    #expect(rolling.cacheLabel == "full")
    #expect(
      rolling.kvCacheBytes(tokens: 5000, batch: 2) == full.kvCacheBytes(tokens: 5000, batch: 2))
  }
}
