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

  /// Entries of StreamingLLM: sinks and window, whatever was generated (headline figure `streamingllm-cache`).
  @Test(arguments: [1024, 5000, 1 << 20])
  func theEntriesOfSinksAreConstant(tokens: Int) throws {
    let model = try Shipped.sixteenBit("llama-3.1-8b", cache: .parsed("sinks:4+1020"))
    #expect(model.kvCacheBytes(tokens: tokens, batch: 1).value == 1024 * 131_072)
  }

  /// No policy keeps more than a layer's pattern reads, and none makes such a layer keep less than its budget.
  @Test(arguments: CachePolicyList.examples)
  func aWindowBoundsWhatIsKept(text: String) throws {
    let choice = try CacheChoice.parsed(text)
    let near = choice.policy(CacheSite(pattern: SlidingWindow(100), layer: 0, layers: 2))
    let far = choice.policy(CacheSite(pattern: Causal(), layer: 0, layers: 2))
    for tokens in [0, 1, 99, 100, 101, 5000] {
      let bound = text == "full" ? tokens : min(tokens, 100)
      #expect(near.retained(tokens) == min(far.retained(tokens), bound), "\(text) \(tokens)")
      #expect(near.readable(tokens) <= near.retained(tokens))
      #expect(near.remote(tokens) <= near.retained(tokens))
    }
  }

  /// Layers are told apart by what they keep, not by the word of their policy.
  @Test func layersWithDifferentWindowsAreDifferent() throws {
    let choice = try CacheChoice.parsed("paged:16")
    let near = choice.policy(CacheSite(pattern: SlidingWindow(100), layer: 0, layers: 2))
    let far = choice.policy(CacheSite(pattern: Causal(), layer: 1, layers: 2))
    #expect(near.name == far.name)
    #expect(!near.isSame(as: far))
    #expect(!near.isSame(as: FullCache()))
    #expect(far.isSame(as: PagedCache()))
    let gemma = try Shipped.sixteenBit("gemma-3-4b", cache: choice)
    let upkeep = gemma.operations(.decode(context: 8191)).filter { $0.id == .cacheUpkeep }
    let tables: [Double] = upkeep.map { $0.bytes[.cacheRead].value }.sorted()
    #expect(tables == [256, 2048])
    let layers: Double = upkeep.reduce(0) { $0 + $1.repeats }
    #expect(layers == 34)
  }
}

extension CacheChoice {
  /// The choice that a text names.
  static func parsed(_ text: String) throws -> CacheChoice {
    try #require(CachePolicyList.parse(text), "\(text)")
  }

  /// The policy of a layer of a causal model.
  func causal(layer: Int = 0, layers: Int = 1) -> any CachePolicy {
    policy(CacheSite(pattern: Causal(), layer: layer, layers: layers))
  }
}
