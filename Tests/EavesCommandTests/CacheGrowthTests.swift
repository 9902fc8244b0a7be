import Testing

/// `eaves kv` against arithmetic of its own.
@Suite struct CacheGrowthTests {
  /// A published model: the shape of its cache, and the bytes of its weights as published.
  ///
  /// A token takes layers × 2 (keys and values) × KV heads × head size × 2 bytes. A window layer keeps at
  /// most `window` tokens. Weights are the parameters of the checkpoint at 2 bytes (PublishedParametersTests
  /// holds their numbers against the papers).
  struct Shape {
    let model: String
    let format: String
    let cache: String
    let globalLayers: Int
    let windowLayers: Int
    let window: Int
    let kvHeads: Int
    let headSize: Int
    let parameters: Int

    func cacheBytes(tokens: Int) -> Int {
      let kept = globalLayers * tokens + windowLayers * min(tokens, window)
      return kept * 2 * kvHeads * headSize * 2
    }
  }

  static let shapes = [
    // MHA: 32 layers, 32 KV heads of 128.
    Shape(
      model: "llama-2-7b", format: "f16", cache: "full", globalLayers: 32, windowLayers: 0,
      window: 0, kvHeads: 32, headSize: 128, parameters: 6_738_415_616),
    // GQA: 32 layers, 8 KV heads of 128.
    Shape(
      model: "llama-3.1-8b", format: "bf16", cache: "full", globalLayers: 32, windowLayers: 0,
      window: 0, kvHeads: 8, headSize: 128, parameters: 8_030_261_248),
    // GQA with a window of 4096 in each of 32 layers.
    Shape(
      model: "mistral-7b-v0.1", format: "bf16", cache: "rolling", globalLayers: 0,
      windowLayers: 32, window: 4096, kvHeads: 8, headSize: 128, parameters: 7_241_732_096),
    // 62 layers, five of six with a window of 1024 (52), the others (10) global; 16 KV heads of 128.
    Shape(
      model: "gemma-3-27b", format: "bf16", cache: "rolling+full", globalLayers: 10,
      windowLayers: 52, window: 1024, kvHeads: 16, headSize: 128, parameters: 27_009_002_240),
    // MQA: 32 layers, one KV head of 64.
    Shape(
      model: "falcon-7b", format: "bf16", cache: "full", globalLayers: 32, windowLayers: 0,
      window: 0, kvHeads: 1, headSize: 64, parameters: 6_921_720_704),
  ]

  @Test func theTableOfGrowthIsRightToTheByte() throws {
    let models = Self.shapes.map(\.model).joined(separator: " ")
    let outcome = try eaves("kv \(models) --contexts 1k..128k --format csv")
    outcome.expectSuccess()
    var expected = Contract.kvColumns.joined(separator: ",") + "\n"
    for shape in Self.shapes {
      for tokens in (0...7).map({ 1024 << $0 }) {
        let cells = [
          shape.model, "1", "\(tokens)", shape.format, shape.cache,
          "\(shape.cacheBytes(tokens: tokens))", "0", "\(2 * shape.parameters)",
        ]
        expected += cells.joined(separator: ",") + "\n"
      }
    }
    #expect(outcome.output == expected)
  }

  @Test func aCacheOfEightBitsTakes34BytesABlockOf32AndBatchesMultiplyIt() throws {
    let line = "kv llama-2-7b --contexts 1k --kv f16,q8_0 --batch 1,4 --format csv"
    let rows = try Table(csv: eaves(line).output).rows
    let bytes = rows.map { Int($0["kv_cache_bytes"] ?? "") }
    #expect(bytes == [536_870_912, 2_147_483_648, 285_212_672, 1_140_850_688])
    #expect(rows.map { $0["kv"] } == ["f16", "f16", "q8_0", "q8_0"])
  }

  /// Llama-3.1-8B has 131,072 B an entry over all layers.
  ///
  /// A fifth of 8k tokens is 1,639 entries, each with a 4-byte sum for 32 heads in 32 layers; 2-bit entries
  /// beyond 128 take 3 bits an element.
  @Test(arguments: [
    ("sinks:4+1020", [1024, 1024, 1024].map { $0 * 131_072 }),
    ("h2o:0.2", [205, 820, 1639].map { $0 * (131_072 + 4096) }),
    ("kivi:2", [1024, 4096, 8192].map { 128 * 131_072 + ($0 - 128) * 24_576 }),
    ("paged:256", [1024, 4096, 8192].map { $0 * 131_072 + $0 / 256 * 4 * 32 }),
    ("offload:2k", [1024, 2048, 2048].map { $0 * 131_072 }),
    ("contiguous:4k", [4096, 4096, 8192].map { $0 * 131_072 }),
  ])
  func aPolicyKeepsWhatItSays(cache: String, bytes: [Int]) throws {
    let line = "kv llama-3.1-8b --contexts 1k,4k,8k --cache \(cache) --format csv"
    let rows = try Table(csv: eaves(line).output).rows
    #expect(rows.map { Int($0["kv_cache_bytes"] ?? "") } == bytes)
    #expect(Set(rows.compactMap { $0["cache"] }).count == 1)
  }

  /// StreamingLLM at 128k: the policy stands in the title, the column and the note.
  @Test func aStepWithSinksSaysSo() throws {
    let line = "bound llama-3.1-8b --on apple-m2-max-38 --cache sinks:4+1020 --context 128k"
    let text = try eaves(line).output
    #expect(text.contains("KV bf16, cache sinks:4+1020 ·"))
    #expect(text.contains("KV cache 134 MB (128 MiB)"))
    #expect(text.contains("any context"))
    let row = try Table(csv: eaves("\(line) --format csv").output).rows[0]
    #expect(row["cache"] == "sinks:4+1020")
    #expect(row["cache_read_bytes"] == "\(1023 * 131_072)")
    #expect(row["note"]?.contains("cached keys are rotated in each step") == true)
    let own = try eaves("bound llama-3.1-8b --on apple-m2-max-38").output
    #expect(!own.contains("cache full"))
  }

  @Test func boundAndKvAgreeOnTheCacheAndOnWhatFits() throws {
    for model in ["gemma-3-27b", "falcon-7b"] {
      let line = "\(model) --on nvidia-rtx4090 --format csv"
      let bound = try Table(csv: eaves("bound \(line) --context 32k").output).rows[0]
      let kv = try Table(csv: eaves("kv \(line) --contexts 32k").output).rows[0]
      for column in ["kv_cache_bytes", "state_bytes", "weights_resident_bytes", "fits"] {
        #expect(bound[column] == kv[column], "\(model) \(column)")
      }
    }
  }
}
