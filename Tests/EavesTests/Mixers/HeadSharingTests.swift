import Quantities
import Testing

@testable import Eaves

/// Heads shared as asked for, against the bytes of the definitions.
@Suite struct HeadSharingTests {
  private static func bytes(_ attention: String, pattern: String = "model") throws -> Double {
    var settings = Settings()
    try settings.set(.attention, to: attention)
    try settings.set(.pattern, to: pattern)
    try settings.set(.kv, to: "f16")
    let model = CompiledModel(try Shipped.model("llama-2-7b"), settings)
    return model.kvCacheBytes(tokens: 1024, batch: 1).value / 1024
  }

  /// 2·L·G·d_h·kb; CLA a factor less; MLA (4·d_h + d_h/2) elements, 2.25 times MQA (DeepSeek-V2, Table 1).
  @Test func cachesAreThoseOfTheDefinitions() throws {
    let whole = 2.0 * 32 * 32 * 128 * 2
    #expect(try Self.bytes("mha") == whole && Self.bytes("model") == whole)
    #expect(try Self.bytes("gqa:8") == whole / 4)
    #expect(try Self.bytes("mqa") == whole / 32)
    #expect(try Self.bytes("cla:2") == whole / 2 && Self.bytes("cla:4") == whole / 4)
    #expect(try Self.bytes("mla") == 32 * (512 + 64) * 2)
    #expect(try Self.bytes("mla") / Self.bytes("mqa") == 2.25)
    #expect(try Self.bytes("mla:256+32") == 32 * 288 * 2)
  }

  /// A layer that uses another's keys still reads a cache; only what is kept shrinks.
  @Test func sharedLayersStillReadACache() throws {
    func read(_ attention: String) throws -> Double {
      var settings = Settings()
      try settings.set(.attention, to: attention)
      let model = CompiledModel(try Shipped.model("llama-2-7b"), settings)
      return model.operations(.decode(context: 2048)).bytes([.cacheRead])
    }
    #expect(try read("cla:2") == read("model"))
  }

  @Test(arguments: ["mha", "mqa", "gqa:8", "cla:2", "mla", "mla:512+64"])
  func namesParseBack(text: String) {
    #expect(HeadSharing.parse(text)?.name == text)
  }

  @Test(arguments: ["gqa", "gqa:0", "gqa:x", "cla:1", "mla:512", "mla:0+1", "mha:2", ""])
  func nonsenseIsNone(text: String) { #expect(HeadSharing.parse(text) == nil) }

  /// Five layers with a window and one without, whatever the model had (Gemma 3's pattern on Llama 2).
  @Test func interleavedLayersTakeTurns() throws {
    let window = try Self.bytes("model", pattern: "window:256")
    let full = try Self.bytes("model")
    let mixed = try Self.bytes("model", pattern: "interleaved:256:5+1")
    // Of 32 layers, 5 are full: 6, 12, 18, 24 and 30.
    #expect(abs(mixed - (27 * window + 5 * full) / 32) < 1e-9)
    #expect(Interleaving.parse("interleaved:1k:5+1")?.name == "interleaved:1024:5+1")
    for text in ["interleaved", "interleaved:1k", "interleaved:1k:0+1", "interleaved:1k:5"] {
      #expect(Interleaving.parse(text) == nil, "\(text)")
    }
  }
}
