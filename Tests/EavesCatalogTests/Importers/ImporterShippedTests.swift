import Eaves
import EavesCatalog
import Quantities
import Testing

/// A published configuration gives the model that is shipped under the same name.
@Suite struct ImporterShippedTests {
  /// Parameters that the file has and the shipped model has not, each with its reason.
  private static let differences: [String: Double] = [
    // The class's 262,208 rows of the embedding table, against 262,144 in the shipped model.
    "gemma-3-27b": 64 * 5376,
    // The file does not untie the output head, and the checkpoint has none of its own.
    "falcon-40b": -65_024 * 8192,
  ]

  private func compiled(_ model: Model) -> CompiledModel {
    let weights = WeightScheme(published: model.publishedFormat, groups: model.publishedGroups)
    return CompiledModel(model, ModelChoices(weights: weights, kv: .bf16, activations: .bf16))
  }

  @Test(arguments: [
    "bert-base", "deepseek-v2-lite", "deepseek-v3", "distilbert", "falcon-40b", "falcon-7b",
    "gemma-2-9b", "gemma-3-27b",
    "gemma-3n-e4b-text", "gpt-oss-20b", "gpt2", "llama-2-7b", "llama-3.1-8b", "mistral-7b-v0.1",
    "mixtral-8x7b",
    "olmo-2-7b", "opt-125m", "phi-2", "phi-3-mini-4k", "phi-4-mini", "qwen2.5-0.5b",
    "qwen3-30b-a3b", "qwen3-8b", "roberta-base", "smollm2-135m", "t5-small", "t5-v1.1-xxl",
    "whisper-large-v3-turbo", "whisper-tiny",
  ])
  func agreesWithShippedModel(id: String) throws {
    let imported = try ImporterFixture.published(id)
    let shipped = try Catalog.shipped.model(named: id).value
    #expect(imported.id == id)
    #expect(imported.kind == shipped.kind && imported.family == shipped.family)
    #expect(imported.maxContext == shipped.maxContext)
    #expect(imported.norm == shipped.norm && imported.position == shipped.position)
    #expect(
      imported.layers.map { imported.blocks[$0] } == shipped.layers.map { shipped.blocks[$0] })

    #expect(
      imported.encoderLayers.map { imported.blocks[$0] }
        == shipped.encoderLayers.map { shipped.blocks[$0] })
    #expect(imported.sourceTokens == shipped.sourceTokens)
    #expect(imported.encoderInput == shipped.encoderInput)
    #expect(imported.residualStreams == shipped.residualStreams)
    #expect(imported.perLayerEmbedding == shipped.perLayerEmbedding)

    let (ours, theirs) = (compiled(imported), compiled(shipped))
    let allowed = [0, Self.differences[id] ?? 0]
    #expect(allowed.contains(ours.inventory.parameters - theirs.inventory.parameters))
    #expect(allowed.contains(ours.inventory.active - theirs.inventory.active))
    #expect(
      ours.inventory.activeWithoutEmbeddings == theirs.inventory.activeWithoutEmbeddings)
    for tokens in [1, 4096, 131_072] {
      #expect(
        ours.kvCacheBytes(tokens: tokens, batch: 1) == theirs.kvCacheBytes(tokens: tokens, batch: 1)
      )
    }
  }

  @Test(arguments: [
    ("falcon-40b", 41_303_293_952.0), ("falcon-7b", 6_921_720_704), ("gpt2", 124_439_808),
    ("gpt-oss-20b", 20_914_757_184), ("llama-3.1-8b", 8_030_261_248),
    ("gemma-3-27b", 27_009_346_304), ("qwen3-30b-a3b", 30_532_122_624),
  ])
  func hasPublishedParameters(id: String, parameters: Double) throws {
    #expect(compiled(try ImporterFixture.published(id)).inventory.parameters == parameters)
  }

  @Test(arguments: [
    ("llama-2-7b", "f16", [:]), ("olmo-2-7b", "f32", [:]), ("bert-base", "f32", [:]),
    ("gpt-oss-20b", "bf16", ["experts": "mxfp4"]),
    (
      "deepseek-v3", "bf16",
      Dictionary(
        uniqueKeysWithValues: ["attention", "experts", "feed_forward"].map {
          ($0, "f8e4m3/128x128+f32")
        })
    ),
  ])
  func hasPublishedFormat(id: String, format: String, groups: [String: String]) throws {
    let model = try ImporterFixture.published(id)
    #expect(model.publishedFormat.name == format)
    let found = model.publishedGroups.map { ($0.key.rawValue, $0.value.name) }
    #expect(Dictionary(uniqueKeysWithValues: found) == groups)
  }

  @Test func namesWhatItAssumed() throws {
    #expect(
      try ImporterFixture.published("llama-2-7b").notes == [
        "defaults of transformers: head_dim = 128, attention_bias = false, mlp_bias = false"
      ])
    #expect(
      try ImporterFixture.published("gemma-3-27b").notes == [
        "text part only, without the vision tower",
        "defaults of transformers: vocab_size = 262208, max_position_embeddings = 131072, "
          + "tie_word_embeddings = true, hidden_act = gelu, attention_bias = false",
      ])
    #expect(
      try ImporterFixture.published("gemma-2-9b").notes.last
        == "ignored unknown keys: sliding_window_size")
    #expect(
      try ImporterFixture.published("phi-4-mini").notes.first
        == "the window of 262144 tokens is no smaller than the context: full attention")
    #expect(try ImporterFixture.published("qwen3-8b").notes == [])
    let model = try ImporterFixture.published("mixtral-8x7b")
    #expect(model.source == "Hugging Face config.json" && model.isVerified)
    #expect(model.notes == ["defaults of transformers: head_dim = 128"])
  }
}
