import Eaves
import Quantities
import Testing

/// Published and computed figures of KV caches (published figures).
@Suite struct PublishedCacheTests {
  @Test(arguments: [
    ("llama-2-7b", 524_288.0), ("llama-2-70b", 327_680), ("llama-3-8b", 131_072),
    ("llama-3.1-70b", 327_680), ("falcon-7b", 8192),
  ])
  func bytesATokenInSixteenBits(model: String, bytes: Double) throws {
    let compiled = try Shipped.sixteenBit(model)
    #expect(compiled.kvCacheBytes(tokens: 1, batch: 1).value == bytes)
  }

  /// Jamba-1.5, Table 1; the paper prints 252 for Llama-3.1-405B where its configuration gives 126.
  @Test(arguments: [
    ("mixtral-8x7b", 32.0), ("llama-3.1-8b", 32), ("llama-3.1-70b", 80), ("llama-3.1-405b", 126),
  ])
  func gibibytesAt256K(model: String, gibibytes: Double) throws {
    let compiled = try Shipped.sixteenBit(model)
    #expect(compiled.kvCacheBytes(tokens: 262_144, batch: 1).value == gibibytes * 0x1p30)
  }

  /// The table counts Mistral 7B without its window.
  @Test func mistralAt256KWithoutItsWindow() throws {
    let compiled = try Shipped.sixteenBit("mistral-7b-v0.1", cache: .full)
    #expect(compiled.kvCacheBytes(tokens: 262_144, batch: 1).value == 32 * 0x1p30)
  }

  /// 10 global and 52 local layers: 11.17 GB at 128K against 66.57 GB if all were global.
  @Test func gemmaInterleavesWindows() throws {
    let own = try Shipped.sixteenBit("gemma-3-27b")
    let global = try Shipped.sixteenBit("gemma-3-27b", pattern: Causal(), cache: .full)
    #expect((own.kvCacheBytes(tokens: 131_072, batch: 1).value / 1e7).rounded() == 1117)
    #expect((global.kvCacheBytes(tokens: 131_072, batch: 1).value / 1e7).rounded() == 6657)
  }

  /// One layer of 128-wide heads at 32K: 536.87 MB with 32 KV heads, a quarter with 8, 1/32 with one.
  @Test(arguments: [(32, 536.870912), (8, 134.217728), (1, 16.777216)])
  func sharedHeadsShrinkTheCache(kvHeads: Int, megabytes: Double) throws {
    var model = try Shipped.model("llama-2-7b")
    var block = try #require(model.blocks[model.layers[0]])
    block.attention?.kvHeads = kvHeads
    model.blocks = ["only": block]
    model.layers = ["only"]
    let compiled = try Shipped.sixteenBit(model)
    #expect(compiled.kvCacheBytes(tokens: 32_768, batch: 1).value == megabytes * 1e6)
  }

  /// 34 bytes for 32 elements: an 8.5-bit cache is 17/32 of a 16-bit one.
  @Test(arguments: [("q8_0", 8.5), ("q4_0", 4.5), ("f32", 32), ("f8e4m3", 8)])
  func aCacheHasItsFormatsBits(format: String, bits: Double) throws {
    let model = try Shipped.model("llama-3.1-8b")
    let compiled = CompiledModel(
      model,
      ModelChoices(
        weights: try WeightScheme(parsing: "bf16"), kv: try NumberFormat(parsing: format),
        activations: .bf16))
    #expect(compiled.kvCacheBytes(tokens: 8, batch: 1).value == 8 * 131_072 * bits / 16)
  }
}
