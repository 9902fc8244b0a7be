import Eaves
import EavesCatalog
import Testing

/// Encoders, vision models and diffusion models from their configurations equal the shipped ones.
@Suite struct ImporterEncoderTests {
  /// The keys of a published configuration that shapes follow from.
  struct Published: Sendable, CustomTestStringConvertible {
    let id: String
    let type: String
    let keys: String
    var testDescription: String { id }
  }

  private static let labels = (0..<1000).map { "\"\($0)\": \"c\"" }.joined(separator: ", ")

  private static let models = [
    Published(
      id: "albert-base-v2", type: "albert",
      keys: """
        "embedding_size": 128, "hidden_size": 768, "intermediate_size": 3072, "hidden_act": "gelu_new",
        "num_attention_heads": 12, "num_hidden_layers": 12, "num_hidden_groups": 1, "inner_group_num": 1,
        "max_position_embeddings": 512, "type_vocab_size": 2, "vocab_size": 30000, "down_scale_factor": 1,
        "gap_size": 0, "net_structure_type": 0, "num_memory_blocks": 0
        """),
    Published(
      id: "mobilebert", type: "mobilebert",
      keys: """
        "hidden_size": 512, "num_hidden_layers": 24, "trigram_input": true, "use_bottleneck": true,
        "intra_bottleneck_size": 128, "key_query_shared_bottleneck": true, "normalization_type": "no_norm"
        """),
    Published(
      id: "longformer-base-4096", type: "longformer",
      keys: """
        "attention_window": [512, 512, 512, 512, 512, 512, 512, 512, 512, 512, 512, 512],
        "hidden_size": 768, "num_hidden_layers": 12, "max_position_embeddings": 4098, "pad_token_id": 1,
        "type_vocab_size": 1, "vocab_size": 50265, "attention_mode": "longformer"
        """),
    Published(
      id: "bigbird-base", type: "big_bird",
      keys: """
        "attention_type": "block_sparse", "block_size": 64, "num_random_blocks": 3, "use_bias": true,
        "hidden_size": 768, "num_hidden_layers": 12, "vocab_size": 50358, "rescale_embeddings": false
        """),
    Published(
      id: "vit-b-16-224", type: "vit",
      keys: """
        "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072,
        "image_size": 224, "patch_size": 16, "num_channels": 3, "qkv_bias": true,
        "id2label": {\(labels)}
        """),
    Published(
      id: "deit-tiny-16-224", type: "vit",
      keys: """
        "hidden_size": 192, "num_hidden_layers": 12, "num_attention_heads": 3, "intermediate_size": 768,
        "num_labels": 1000
        """),
    Published(id: "mobilevit-s", type: "mobilevit", keys: "\"num_labels\": 1000"),
    Published(
      id: "mobilevit-xs", type: "mobilevit",
      keys: """
        "hidden_sizes": [96, 120, 144], "neck_hidden_sizes": [16, 32, 48, 64, 80, 96, 384],
        "expand_ratio": 4.0, "mlp_ratio": 2.0, "output_stride": 32, "num_labels": 1000
        """),
    Published(
      id: "mobilevit-xxs", type: "mobilevit",
      keys: """
        "hidden_sizes": [64, 80, 96], "neck_hidden_sizes": [16, 16, 24, 48, 64, 80, 320],
        "expand_ratio": 2.0, "num_labels": 1000
        """),
    Published(
      id: "llada-8b", type: "llada",
      keys: """
        "d_model": 4096, "n_layers": 32, "n_heads": 32, "n_kv_heads": 32, "mlp_hidden_size": 12288,
        "vocab_size": 126464, "embedding_size": 126464, "max_sequence_length": 4096,
        "activation_type": "silu", "block_type": "llama", "layer_norm_type": "rms", "alibi": false,
        "include_bias": false, "include_qkv_bias": false, "weight_tying": false, "rope": true,
        "multi_query_attention": null, "attention_layer_norm": false, "input_emb_norm": false
        """),
  ]

  private func compiled(_ model: Model) -> CompiledModel {
    let weights = WeightScheme(published: model.publishedFormat, groups: model.publishedGroups)
    return CompiledModel(model, ModelChoices(weights: weights, kv: .bf16, activations: .bf16))
  }

  private func read(_ type: String, _ keys: String) throws(DataError) -> Model {
    let text = "{\"model_type\": \"\(type)\", \(keys)}"
    return try Model(huggingFace: Array(text.utf8), file: "m.json")
  }

  @Test(arguments: models)
  func agreesWithTheShippedModel(published: Published) throws {
    let imported = try read(published.type, published.keys)
    let shipped = try Catalog.shipped.model(named: published.id).value
    #expect(imported.kind == shipped.kind && imported.family == shipped.family)
    #expect(imported.hiddenSize == shipped.hiddenSize && imported.norm == shipped.norm)
    #expect(imported.maxContext == shipped.maxContext)
    #expect(imported.fixedTokens == shipped.fixedTokens)
    #expect(
      imported.image?.stem == shipped.image?.stem && imported.classifier == shipped.classifier)
    #expect(
      imported.layers.map { imported.blocks[$0] } == shipped.layers.map { shipped.blocks[$0] })
    #expect(compiled(imported).inventory.parameters == compiled(shipped).inventory.parameters)
    #expect(!imported.notes.contains { $0.hasPrefix("ignored unknown keys") })
  }

  /// A second class token with a position of its own.
  @Test func aDistilledDeiTHasATokenMore() throws {
    let keys = "\"hidden_size\": 192, \"num_attention_heads\": 3, \"intermediate_size\": 768"
    let plain = try read("vit", keys)
    let distilled = try read("deit", keys)
    #expect(plain.fixedTokens == 197 && distilled.fixedTokens == 198)
    let difference =
      compiled(distilled).inventory.parameters - compiled(plain).inventory.parameters
    #expect(difference == 2 * 192)
  }

  @Test(arguments: [
    (
      "albert", "\"hidden_size\": 768, \"num_hidden_layers\": 2, \"inner_group_num\": 2",
      "inner_group_num"
    ),
    (
      "mobilebert", "\"hidden_size\": 512, \"num_hidden_layers\": 2, \"use_bottleneck\": false",
      "use_bottleneck"
    ),
    (
      "mobilebert",
      "\"hidden_size\": 512, \"num_hidden_layers\": 2, \"normalization_type\": \"layer_norm\"",
      "normalization_type"
    ),
    (
      "longformer",
      "\"hidden_size\": 768, \"num_hidden_layers\": 2, \"attention_window\": [512, 256]",
      "attention_window"
    ),
    (
      "big_bird", "\"hidden_size\": 768, \"num_hidden_layers\": 2, \"attention_type\": \"other\"",
      "attention_type"
    ),
    ("vit", "\"num_channels\": 4", "num_channels"), ("vit", "\"patch_size\": 15", "patch_size"),
    ("mobilevit", "\"output_stride\": 16", "output_stride"),
    ("mobilevit", "\"hidden_sizes\": [1, 2]", "hidden_sizes"),
    ("mobilevit", "\"image_size\": 250", "image_size"),
    (
      "llada", "\"d_model\": 64, \"n_layers\": 2, \"n_heads\": 2, \"block_type\": \"sequential\"",
      "block_type"
    ),
  ])
  func refusesWhatItCannotHonour(type: String, keys: String, key: String) {
    let error = message { () throws(DataError) in _ = try read(type, keys) }
    #expect(error?.contains(": \(key): ") == true, "\(error ?? "no error")")
  }
}
