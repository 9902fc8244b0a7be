import Quantities
import Testing

@testable import Eaves

/// What attention reads of a cache, and where from.
@Suite struct CacheReadTests {
  /// Llama-3.1-8B: 32 layers, 32 query heads, 8 KV heads of 128.
  private static func attention(_ cache: String, _ step: Step, _ schedule: Schedule = .flash2)
    throws -> [Operation]
  {
    let model = try Shipped.sixteenBit("llama-3.1-8b", cache: .parsed(cache), schedule: schedule)
    return model.operations(step).filter { $0.isAttention || $0.id == .softmax }
  }

  /// Pairs of a decode step are the entries: s + w of StreamingLLM, the new token included.
  @Test(arguments: [
    ("sinks:4+1020", 1024.0), ("h2o:512+512", 1024), ("scissorhands:1024", 1024),
    ("tova:1024", 1024), ("snapkv:960+64", 1025), ("snapkv:960+64:prompt=10000", 11_025),
    ("pyramidkv:1024", 1025), ("kivi:4", 20_001), ("paged", 20_001), ("offload:64", 20_001),
    ("contiguous:100", 20_001), ("prefix:100:group=8", 20_001), ("h2o:0.2", 4001),
  ])
  func aDecodeStepScoresWhatIsKept(cache: String, pairs: Double) throws {
    let operations = try Self.attention(cache, .decode(context: 20_000, batch: 2))
    let flops = operations.sum([.attention]) { $0.work.matrix.value }
    let pair: Double = 32 * 32 * 2 * 256
    #expect(flops == 2 * pair * pairs)
    if !cache.hasPrefix("offload"), !cache.hasPrefix("kivi") {
      #expect(operations.bytes([.cacheRead]) == (pairs - 1) * 2 * 131_072)
    }
  }

  /// A chunk finds what was kept and reads its own tokens too.
  @Test func aChunkReadsWhatWasKept() throws {
    let chunk = Step(newTokens: 100, cachedTokens: 5000, logitTokens: 1, batch: 1)
    let operations = try Self.attention("sinks:4+1020", chunk)
    var pairs = 0
    for row in 0..<100 { pairs += 1023 + row + 1 }
    let pair: Double = 32 * 32 * 2 * 256
    #expect(operations.sum([.attention]) { $0.work.matrix.value } == pair * Double(pairs))
  }

  /// A prefill is that of a full cache: nothing has been dropped before the prompt is read.
  @Test(arguments: CachePolicyList.examples)
  func aPrefillReadsItsPrompt(cache: String) throws {
    let step = Step.prefill(4000)
    let full = try Self.attention("full", step)
    let own = try Self.attention(cache, step)
    let flops = own.sum([.attention]) { $0.work.matrix.value }
    #expect(flops == full.sum([.attention]) { $0.work.matrix.value })
  }

  /// Remote entries cross the link instead of memory: near and far together are all that is read.
  @Test(arguments: Schedule.allCases)
  func remoteEntriesCrossTheLink(schedule: Schedule) throws {
    for (window, context) in [(64, 20_000), (20_000, 20_000), (1, 100), (64, 0)] {
      let step = Step.decode(context: context, batch: 2)
      let operations = try Self.attention("offload:\(window)", step, schedule)
      let near = min(window, context)
      #expect(operations.bytes([.cacheRead]) == Double(2 * near * 131_072))
      #expect(
        operations.sum(Set(Operation.ID.allCases)) { $0.linkBytes.value }
          == Double(2 * (context - near) * 131_072))
    }
  }

  /// A layer that reads only its window fetches only what of it lies beyond the near tokens.
  @Test func aWindowLayerFetchesNoMoreThanItsWindow() throws {
    let model = try Shipped.sixteenBit("mistral-7b-v0.1", cache: .parsed("offload:1024"))
    let operations = model.operations(.decode(context: 30_000)).filter { $0.id == .attention }
    #expect(operations.bytes([.cacheRead]) == 1024 * 131_072)
    #expect(operations.sum([.attention]) { $0.linkBytes.value } == (4095 - 1024) * 131_072)
  }

  /// The newest 128 tokens in 16 bits, the others in three.
  @Test func packedEntriesAreReadInTheirBits() throws {
    let operations = try Self.attention("kivi:2", .decode(context: 1128))
    let wide: Double = 128 + 1000 * 3.0 / 16
    #expect(operations.bytes([.cacheRead]) == 131_072 * wide)
  }
}
