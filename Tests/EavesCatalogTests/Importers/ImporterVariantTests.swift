import Eaves
import EavesCatalog
import Testing

/// Configurations of models close to Llama, against the headers of GGUF files of the same shapes.
@Suite struct ImporterVariantTests {
  private static let configs: [(fixture: String, config: String)] = [
    (
      "smollm3",
      """
      "model_type": "smollm3", "hidden_size": 2048, "num_attention_heads": 16, "num_key_value_heads": 4,
      "intermediate_size": 11008, "vocab_size": 32000, "no_rope_layers": [1, 0], "use_sliding_window": false
      """
    ),
    (
      "granite",
      """
      "model_type": "granite", "hidden_size": 2048, "num_attention_heads": 32, "num_key_value_heads": 8,
      "intermediate_size": 8192, "vocab_size": 32000, "tie_word_embeddings": true, "logits_scaling": 8.0,
      "attention_multiplier": 0.015625, "embedding_multiplier": 12.0, "residual_multiplier": 0.22
      """
    ),
    (
      "granitemoe",
      """
      "model_type": "granitemoe", "hidden_size": 1024, "num_attention_heads": 16, "num_key_value_heads": 8,
      "intermediate_size": 512, "vocab_size": 32000, "tie_word_embeddings": true, "num_local_experts": 32,
      "num_experts_per_tok": 8
      """
    ),
    (
      "command-r",
      """
      "model_type": "cohere", "hidden_size": 2048, "num_attention_heads": 16, "num_key_value_heads": 4,
      "intermediate_size": 5632, "vocab_size": 32000, "use_qk_norm": false, "logit_scale": 0.0625
      """
    ),
    (
      "cohere2",
      """
      "model_type": "cohere2", "hidden_size": 2048, "num_attention_heads": 16, "num_key_value_heads": 4,
      "intermediate_size": 5632, "vocab_size": 32000, "sliding_window": 1024, "head_dim": 128
      """
    ),
    (
      "olmoe",
      """
      "model_type": "olmoe", "hidden_size": 2048, "num_attention_heads": 16, "intermediate_size": 1024,
      "vocab_size": 50304
      """
    ),
    (
      "starcoder2",
      """
      "model_type": "starcoder2", "hidden_size": 3072, "num_attention_heads": 24, "num_key_value_heads": 2,
      "intermediate_size": 12288, "vocab_size": 49152, "norm_type": "layer_norm", "use_bias": true
      """
    ),
    (
      "glm4",
      """
      "model_type": "glm4", "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 2,
      "head_dim": 128, "intermediate_size": 13696, "vocab_size": 151552, "attention_bias": true
      """
    ),
    (
      "glm4moe",
      """
      "model_type": "glm4_moe", "hidden_size": 4096, "num_attention_heads": 96, "num_key_value_heads": 8,
      "head_dim": 128, "intermediate_size": 10944, "moe_intermediate_size": 1408, "n_routed_experts": 128,
      "n_shared_experts": 1, "num_experts_per_tok": 8, "first_k_dense_replace": 1, "vocab_size": 151552,
      "attention_bias": true, "use_qk_norm": true, "num_nextn_predict_layers": 1
      """
    ),
    (
      "granitehybrid",
      """
      "model_type": "granitemoehybrid", "hidden_size": 1536, "num_attention_heads": 12, "num_key_value_heads": 4,
      "intermediate_size": 512, "shared_intermediate_size": 1024, "num_local_experts": 64, "num_experts_per_tok": 6,
      "vocab_size": 100352, "tie_word_embeddings": true, "mamba_n_heads": 48, "mamba_d_state": 128,
      "layer_types": ["mamba", "mamba", "attention", "mamba"], "position_embedding_type": "rope"
      """
    ),
    (
      "lfm2moe",
      """
      "model_type": "lfm2_moe", "hidden_size": 2048, "num_attention_heads": 32, "num_key_value_heads": 8,
      "intermediate_size": 7168, "moe_intermediate_size": 1792, "num_experts": 32, "num_experts_per_tok": 4,
      "vocab_size": 65536, "num_dense_layers": 2, "layer_types": ["conv", "conv", "full_attention", "conv"]
      """
    ),
    (
      "phimoe",
      """
      "model_type": "phimoe", "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8,
      "intermediate_size": 6400, "vocab_size": 32064, "attention_bias": true, "lm_head_bias": true,
      "num_local_experts": 16, "num_experts_per_tok": 2
      """
    ),
  ]

  @Test(arguments: configs.map(\.fixture))
  func sameShapes(fixture: String) throws {
    let folder = TemporaryFolder()
    let header = try #require(WeightFixture.named(fixture))
    let file = try Catalog.shipped.model(named: try header.file(in: folder)).value
    let text = try #require(Self.configs.first { $0.fixture == fixture }).config
    let path = folder.write(
      """
      {\(text), "num_hidden_layers": \(file.layers.count), "max_position_embeddings": 4096,
       "torch_dtype": "bfloat16"}
      """.utf8, to: "config.json")
    let config = try Catalog.shipped.model(named: path).value
    #expect(config.family == file.family)
    #expect(config.norm == file.norm && config.normHasBias == file.normHasBias)
    #expect(!config.notes.contains { $0.contains("unknown") }, "\(config.notes)")
    // Block by block the same, whatever they are called.
    #expect(
      config.layers.compactMap { config.blocks[$0] } == file.layers.compactMap { file.blocks[$0] })
    let parameters = [config, file].map { CompiledModel($0, Settings()).inventory.parameters }
    #expect(parameters[0] == parameters[1])
  }

  @Test(arguments: [
    ("exaone4", "\"hidden_size\": 2048, \"num_hidden_layers\": 4", 2048, 32),
    ("nemotron", "\"hidden_size\": 6144, \"num_hidden_layers\": 2", 6144, 48),
    (
      "olmo3", "\"hidden_size\": 4096, \"num_hidden_layers\": 4, \"sliding_window\": 1024", 4096, 32
    ),
    ("glm", "\"hidden_size\": 4096, \"num_hidden_layers\": 2", 4096, 32),
    ("seed_oss", "\"hidden_size\": 5120, \"num_hidden_layers\": 2", 5120, 80),
    ("arcee", "\"hidden_size\": 2560, \"num_hidden_layers\": 2", 2560, 32),
  ])
  func defaults(type: String, keys: String, width: Int, heads: Int) throws {
    let folder = TemporaryFolder()
    let path = folder.write("{\"model_type\": \"\(type)\", \(keys)}".utf8, to: "config.json")
    let model = try Catalog.shipped.model(named: path).value
    #expect(model.hiddenSize == width)
    #expect(model.layers.allSatisfy { model.blocks[$0]?.attention?.heads == heads })
    #expect(model.notes.contains { $0.hasPrefix("defaults of transformers") })
    if type == "olmo3" {
      #expect(model.layers.map { model.blocks[$0]?.attention?.window } == [1024, 1024, 1024, nil])
    }
  }
}
