import Eaves
import EavesCatalog
import Testing

/// Families without a shipped model are held against the parameters that were published.
@Suite struct ImporterCountTests {
  /// A published configuration in short, and its parameters.
  struct Published: Sendable, CustomTestStringConvertible {
    let id: String
    let type: String
    /// Width, layers, heads, key-value heads, feed-forward width, vocabulary.
    let sizes: [Int]
    var keys = "\"x\": 0"
    var isTied = false
    let parameters: Double
    /// Parameters that are counted beyond those, as the model's notes say.
    var difference = 0.0

    var testDescription: String { id }
  }

  private static let models = [
    Published(
      id: "google/gemma-2b", type: "gemma", sizes: [2048, 18, 8, 1, 16_384, 256_000],
      isTied: true, parameters: 2_506_172_416),
    Published(
      id: "google/gemma-3-1b-it", type: "gemma3_text", sizes: [1152, 26, 4, 1, 6912, 262_144],
      isTied: true, parameters: 999_885_952),
    Published(
      id: "microsoft/phi-1_5", type: "phi", sizes: [2048, 24, 32, 32, 8192, 51_200],
      parameters: 1_418_270_720),
    Published(
      id: "stabilityai/stablelm-3b-4e1t", type: "stablelm",
      sizes: [2560, 32, 32, 32, 6912, 50_304], parameters: 2_795_443_200),
    Published(
      id: "EleutherAI/pythia-6.9b", type: "gpt_neox", sizes: [4096, 32, 32, 32, 16_384, 50_432],
      parameters: 6_857_302_016),
    Published(
      id: "tiiuae/falcon-rw-1b", type: "falcon", sizes: [2048, 24, 32, 32, 8192, 50_304],
      keys: "\"alibi\": true, \"bias\": true, \"multi_query\": false, \"parallel_attn\": false",
      isTied: true, parameters: 1_311_625_216),
    Published(
      id: "allenai/OLMo-7B-hf", type: "olmo", sizes: [4096, 32, 32, 32, 11_008, 50_304],
      parameters: 6_888_095_744, difference: 65 * 4096),
    Published(
      id: "Qwen/Qwen1.5-MoE-A2.7B", type: "qwen2_moe",
      sizes: [2048, 24, 16, 16, 5632, 151_936],
      keys: "\"num_experts\": 60, \"moe_intermediate_size\": 1408",
      parameters: 14_315_784_192),
  ]

  @Test(arguments: models)
  func hasPublishedParameters(of published: Published) throws {
    let sizes = published.sizes
    let text = """
      {"model_type": "\(published.type)", "hidden_size": \(sizes[0]),
       "num_hidden_layers": \(sizes[1]), "num_attention_heads": \(sizes[2]),
       "num_key_value_heads": \(sizes[3]), "intermediate_size": \(sizes[4]),
       "vocab_size": \(sizes[5]), "tie_word_embeddings": \(published.isTied), \(published.keys)}
      """
    let model = try Model(huggingFace: Array(text.utf8), file: "m.json")
    let compiled = CompiledModel(
      model,
      ModelChoices(
        weights: WeightScheme(published: model.publishedFormat), kv: .f16, activations: .f16))
    #expect(compiled.inventory.parameters == published.parameters + published.difference)
  }
}
