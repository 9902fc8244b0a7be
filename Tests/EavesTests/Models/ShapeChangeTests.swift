import Eaves
import EavesCatalog
import Quantities
import Testing

@Suite struct ShapeChangeTests {
  private static func model(_ name: String) throws -> Model { try Resolver().model(name) }

  /// Parameters of a Llama written out: embeddings, and a layer's matrices and norms.
  private static func parameters(
    layers: Int, hidden: Int, heads: Int, kvHeads: Int, headSize: Int, feedForward: Int,
    vocabulary: Int
  ) -> Int {
    let attention = hidden * headSize * (2 * heads + 2 * kvHeads)
    return vocabulary * hidden + hidden
      + layers * (attention + 3 * hidden * feedForward + 2 * hidden)
  }

  @Test(arguments: [
    ("", [16, 2048, 32, 8, 64, 8192, 128_256]),
    (":layers=24", [24, 2048, 32, 8, 64, 8192, 128_256]),
    (":layers=3:hidden_size=1k:vocabulary=1000", [3, 1024, 32, 8, 64, 8192, 1000]),
    (
      ":heads=12:kv_heads=3:head_size=80:feed_forward_size=1000",
      [16, 2048, 12, 3, 80, 1000, 128_256]
    ),
  ])
  func countsAreThoseOfTheShapes(suffix: String, sizes: [Int]) throws {
    let model = try Self.model("llama-3.2-1b" + suffix)
    let expected = Self.parameters(
      layers: sizes[0], hidden: sizes[1], heads: sizes[2], kvHeads: sizes[3], headSize: sizes[4],
      feedForward: sizes[5], vocabulary: sizes[6])
    let compiled = CompiledModel(model, Settings())
    #expect(Int(compiled.inventory.parameters) == expected)
    #expect(model.id == "llama-3.2-1b" + suffix.replacing("1k", with: "1024"))
    #expect(
      Int(compiled.kvCacheBytes(tokens: 10, batch: 1).value)
        == 10 * 2 * 2 * sizes[0] * sizes[3] * sizes[4])
    if !suffix.isEmpty { #expect(model.checks == Model.Checks()) }
  }

  /// Sizes that are those of another shipped model make that model.
  @Test func sizesOfAnotherModelMakeIt() throws {
    let small = try Self.model("qwen2.5-0.5b")
    let large = try Self.model(
      "qwen2.5-0.5b:layers=28:hidden_size=1536:heads=12:kv_heads=2:head_size=128:feed_forward_size=8960"
    )
    let shipped = try Self.model("qwen2.5-1.5b")
    #expect(large.blocks == shipped.blocks && large.hiddenSize == shipped.hiddenSize)
    #expect(small.hasTiedEmbeddings == shipped.hasTiedEmbeddings)
    #expect(
      CompiledModel(large, Settings()).inventory.parameters
        == CompiledModel(shipped, Settings()).inventory.parameters)
  }

  @Test func expertsAndLayersOfSeveralKinds() throws {
    let mixture = try Self.model("mixtral-8x7b:experts=4:experts_per_token=1")
    let part = try #require(mixture.blocks[mixture.layers[0]]?.feedForward)
    #expect(part.experts == 4 && part.expertsPerToken == 1 && mixture.refusal == nil)
    let gemma = try Self.model("gemma-3-1b")
    let deeper = try Self.model("gemma-3-1b:layers=\(gemma.layers.count + 3)")
    #expect(deeper.layers == gemma.layers + gemma.layers.prefix(3))
  }

  @Test(arguments: [
    ("llama-3.2-1b:heads=12", "kv_heads"), ("llama-3.2-1b:head_size=63", "even"),
    ("llama-3.2-1b:experts=4", "no experts"), ("mixtral-8x7b:experts=1", "fewer"),
    ("mamba-2.8b:layers=4", "plain transformer"), ("t5-small:layers=2", "plain transformer"),
  ])
  func impossibleSizesAreRefused(name: String, text: String) throws {
    let model = try Self.model(name)
    let error = try #require(
      ModelChoices(model, Settings()).refusal(of: model))
    #expect(error.option == .model && error.description.contains(text))
  }

  @Test(arguments: [
    "llama-3.2-1b:depth=4", "llama-3.2-1b:layers=0", "llama-3.2-1b:layers=x",
    "llama-3.2-1b:layers=4:layers=5", "llama-3.2-1b:layers=4:", "no-model:layers=4",
  ])
  func slipsAreNamed(name: String) {
    let error = #expect(throws: DataError.self) { try Self.model(name) }
    #expect(error?.remedy.isEmpty == false)
  }

  @Test func aliasesWithColonsStayNames() throws {
    #expect(try Self.model("llama3.2:1b").id == "llama-3.2-1b")
    #expect(try Self.model("llama3.2:1b:layers=2").id == "llama-3.2-1b:layers=2")
  }

  @Test func namesAreReadBack() throws {
    let change = ShapeChange([.layers: 3, .vocabulary: 99, .kvHeads: 1])
    #expect(change.name == "layers=3:kv_heads=1:vocabulary=99")
    let split = try #require(ShapeChange.split("some:thing:\(change.name)"))
    #expect(split.name == "some:thing")
    #expect(try ShapeChange(parsing: split.parts) == change)
    #expect(ShapeChange.split("llama3.2:1b") == nil)
  }
}
