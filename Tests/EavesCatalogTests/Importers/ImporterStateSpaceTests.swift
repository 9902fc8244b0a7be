import Eaves
import EavesCatalog
import Testing

/// Configurations of state-space and hybrid models give the models that are shipped.
@Suite struct ImporterStateSpaceTests {
  /// The keys of a configuration that say its shapes.
  private static let configurations: [String: String] = [
    "mamba-130m": """
    "model_type": "mamba", "hidden_size": 768, "d_model": 768, "num_hidden_layers": 24,
    "n_layer": 24, "intermediate_size": 1536, "expand": 2, "state_size": 16, "conv_kernel": 4,
    "time_step_rank": 48, "use_bias": false, "use_conv_bias": true, "vocab_size": 50280,
    "ssm_cfg": {}, "fused_add_norm": true, "residual_in_fp32": true, "torch_dtype": "float16"
    """,
    "mamba2-780m": """
    "model_type": "mamba2", "hidden_size": 1536, "num_hidden_layers": 48, "vocab_size": 50288,
    "state_size": 128, "num_heads": 48, "head_dim": 64, "expand": 2, "conv_kernel": 4,
    "n_groups": 1, "chunk_size": 256, "time_step_limit": [0.0, "Infinity"], "rms_norm": true,
    "use_bias": false, "use_conv_bias": true, "hidden_act": "silu", "tie_word_embeddings": true,
    "time_step_rank": 96, "torch_dtype": "float16"
    """,
    "falcon-mamba-7b": """
    "model_type": "falcon_mamba", "hidden_size": 4096, "num_hidden_layers": 64, "expand": 16,
    "intermediate_size": 8192, "state_size": 16, "conv_kernel": 4, "time_step_rank": 256,
    "time_step_scale": 1.0, "use_bias": false, "use_conv_bias": true, "vocab_size": 65024,
    "tie_word_embeddings": false, "hidden_act": "silu", "torch_dtype": "bfloat16"
    """,
    "jamba-v0.1": """
    "model_type": "jamba", "hidden_size": 4096, "num_hidden_layers": 32,
    "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336,
    "vocab_size": 65536, "num_experts": 16, "num_experts_per_tok": 2, "attn_layer_offset": 4,
    "attn_layer_period": 8, "expert_layer_offset": 1, "expert_layer_period": 2,
    "mamba_conv_bias": true, "mamba_d_conv": 4, "mamba_d_state": 16, "mamba_dt_rank": 256,
    "mamba_expand": 2, "mamba_proj_bias": false, "max_position_embeddings": 262144,
    "sliding_window": null, "tie_word_embeddings": false, "use_mamba_kernels": false,
    "hidden_act": "silu", "torch_dtype": "bfloat16"
    """,
    "bamba-9b": """
    "model_type": "bamba", "hidden_size": 4096, "num_hidden_layers": 32,
    "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336,
    "vocab_size": 128000, "attn_layer_indices": [9, 18, 27], "mamba_n_heads": 128,
    "mamba_d_head": "auto", "mamba_n_groups": 1, "mamba_d_state": 128, "mamba_d_conv": 4,
    "mamba_expand": 2, "mamba_chunk_size": 256, "mamba_conv_bias": true,
    "mamba_proj_bias": false, "hidden_act": "silu", "torch_dtype": "bfloat16"
    """,
    "falcon-h1-0.5b": """
    "model_type": "falcon_h1", "hidden_size": 1024, "num_hidden_layers": 36, "head_dim": 64,
    "num_attention_heads": 8, "num_key_value_heads": 2, "intermediate_size": 2048,
    "vocab_size": 32784, "max_position_embeddings": 16384, "mamba_d_ssm": 1536,
    "mamba_n_heads": 24, "mamba_d_head": 64, "mamba_n_groups": 1, "mamba_d_state": 128,
    "mamba_d_conv": 4, "mamba_expand": 2, "mamba_chunk_size": 256, "mamba_conv_bias": true,
    "mamba_proj_bias": false, "mamba_rms_norm": false, "mamba_norm_before_gate": false,
    "mamba_use_mlp": true, "projectors_bias": false, "attention_bias": false, "mlp_bias": false,
    "ssm_multipliers": [0.3, 0.3, 0.2, 0.3, 0.3], "ssm_in_multiplier": 1.1, "key_multiplier": 0.5,
    "tie_word_embeddings": false, "hidden_act": "silu", "torch_dtype": "bfloat16"
    """,
    "zamba2-2.7b": """
    "model_type": "zamba2", "hidden_size": 2560, "num_hidden_layers": 54,
    "num_attention_heads": 32, "num_key_value_heads": 32, "intermediate_size": 10240,
    "vocab_size": 32000, "num_mem_blocks": 2, "adapter_rank": 128, "mamba_d_state": 64,
    "mamba_d_conv": 4, "mamba_expand": 2, "mamba_ngroups": 1, "n_mamba_heads": 80,
    "chunk_size": 256, "attention_head_dim": 160, "kv_channels": 80, "hidden_act": "gelu",
    "use_shared_attention_adapter": false, "use_shared_mlp_adapter": true,
    "add_bias_linear": false, "max_position_embeddings": 4096, "torch_dtype": "bfloat16",
    "layers_block_type": [\(zambaLayers)]
    """,
  ]

  private static let zambaLayers: String = {
    let calls: Set = [6, 12, 18, 24, 30, 36, 42, 47, 51]
    return (0..<54).map { calls.contains($0) ? "\"hybrid\"" : "\"mamba\"" }
      .joined(separator: ", ")
  }()

  private static func model(
    _ id: String, replacing changes: [(String, String)] = []
  ) throws -> Model {
    var text = try #require(configurations[id])
    for (old, new) in changes {
      #expect(text.contains(old))
      text = text.replacing(old, with: new)
    }
    return try Model(huggingFace: Array("{\(text)}".utf8), file: "\(id).json")
  }

  private static func compiled(_ model: Model) -> CompiledModel {
    let weights = WeightScheme(published: model.publishedFormat, groups: model.publishedGroups)
    return CompiledModel(model, ModelChoices(weights: weights, kv: .bf16, activations: .bf16))
  }

  @Test(arguments: configurations.keys.sorted())
  func agreesWithShippedModel(id: String) throws {
    let imported = try Self.model(id)
    let shipped = try Catalog.shipped.model(named: id).value
    #expect(imported.kind == shipped.kind && imported.family == shipped.family)
    #expect(imported.norm == shipped.norm && imported.position == shipped.position)
    #expect(imported.hasTiedEmbeddings == shipped.hasTiedEmbeddings)
    #expect(imported.publishedFormat == shipped.publishedFormat)
    #expect(
      imported.layers.map { imported.blocks[$0] } == shipped.layers.map { shipped.blocks[$0] })
    let (ours, theirs) = (Self.compiled(imported), Self.compiled(shipped))
    #expect(ours.inventory.parameters == theirs.inventory.parameters)
    #expect(ours.inventory.active == theirs.inventory.active)
    #expect(ours.stateBytes(batch: 1) == theirs.stateBytes(batch: 1))
    #expect(ours.kvCacheBytes(tokens: 99, batch: 1) == theirs.kvCacheBytes(tokens: 99, batch: 1))
    #expect(imported.notes.allSatisfy { !$0.hasPrefix("ignored") }, "\(imported.notes)")
  }

  /// `"auto"` and a missing key are the same width.
  @Test(arguments: ["\"time_step_rank\": \"auto\",", ""])
  func derivesTheRankOfStepSizes(key: String) throws {
    let model = try Self.model("mamba-130m", replacing: [("\"time_step_rank\": 48,", key)])
    #expect(model.blocks == (try Self.model("mamba-130m")).blocks)
  }

  @Test func aModelWithoutPositionsHasNoLimit() throws {
    let recurrent = try Self.model("mamba-130m")
    #expect(
      recurrent.maxContext == 1 << 20 && recurrent.notes.contains { $0.contains("no longest") })
    #expect(try Self.model("bamba-9b").maxContext == 262_144)
  }

  /// 3 adapters of rank 128 on queries, keys and values in each of 9 calls.
  @Test func readsAdaptersOfAttention() throws {
    let with = try Self.model(
      "zamba2-2.7b",
      replacing: [
        ("\"use_shared_attention_adapter\": false", "\"use_shared_attention_adapter\": true")
      ])
    let difference =
      Self.compiled(with).inventory.parameters
      - Self.compiled(try Self.model("zamba2-2.7b")).inventory.parameters
    #expect(difference == Double(9 * 3 * 2 * 128 * 5120))
  }

  @Test func aJambaOfOneExpertIsDense() throws {
    let model = try Self.model(
      "jamba-v0.1",
      replacing: [
        ("\"num_experts\": 16", "\"num_experts\": 1"),
        ("\"num_experts_per_tok\": 2", "\"num_experts_per_tok\": 1"),
      ])
    #expect(model.blocks.values.allSatisfy { $0.feedForward?.experts == 0 })
  }

  @Test(arguments: [
    (
      "mamba2-780m", "\"num_heads\": 48", "\"num_heads\": 47",
      "num_heads: 47 heads of 64 do not make up a width of 3072; "
        + "write the inner width over the width of a head"
    ),
    (
      "bamba-9b", "\"mamba_n_groups\": 1", "\"mamba_n_groups\": 3",
      "mamba_n_groups: 3 groups cannot be shared equally by 128 heads; "
        + "write a divisor of \"mamba_n_heads\""
    ),
    (
      "mamba-130m", "\"use_bias\": false", "\"hidden_act\": \"relu\"",
      "hidden_act: found the string \"relu\", but another activation than silu in these layers "
        + "cannot be imported; choose a model without it, or remove the key if the model has none"
    ),
    (
      "falcon-h1-0.5b", "\"projectors_bias\": false", "\"projectors_bias\": true",
      "projectors_bias: found true, but a bias on one of the projections into and out of the mixer "
        + "cannot be imported; choose a model without it, or remove the key if the model has none"
    ),
    (
      "falcon-h1-0.5b", "\"mamba_use_mlp\": true", "\"mamba_use_mlp\": false",
      "mamba_use_mlp: found false, but a layer without a feed-forward part "
        + "cannot be imported; choose a model without it, or remove the key if the model has none"
    ),
    (
      "zamba2-2.7b", "\"hybrid\"", "\"attention\"",
      "layers_block_type[6]: found the string \"attention\", a kind of layer that cannot be "
        + "imported; mamba and hybrid can"
    ),
    (
      "zamba2-2.7b", "\"num_hidden_layers\": 54", "\"num_hidden_layers\": 53",
      "layers_block_type: has 54 entries for 53 layers; write one a layer"
    ),
    (
      "jamba-v0.1", "\"attn_layer_offset\": 4", "\"attn_layer_offset\": 8",
      "attn_layer_offset: found the number 8; write a whole number from 0 to 7"
    ),
    (
      "jamba-v0.1", "\"sliding_window\": null", "\"sliding_window\": 4096",
      "sliding_window: found the number 4096, but a window cannot be imported; "
        + "choose a model without it, or remove the key if the model has none"
    ),
  ])
  func refuses(id: String, good: String, bad: String, expected: String) throws {
    let error = #expect(throws: DataError.self) {
      try Self.model(id, replacing: [(good, bad)])
    }
    let text = try #require(error).description
    #expect(text.hasPrefix("\(id).json:") && text.hasSuffix(expected), "\(text)")
  }
}
