import Eaves
import EavesCatalog
import Testing

/// Configurations of recurrent families, with the keys that their classes write, give the shipped models.
@Suite struct ImporterRecurrentTests {
  static let configurations: [String: String] = [
    "rwkv4-7b": """
    {
      "architectures": ["RwkvForCausalLM"],
      "model_type": "rwkv", "attention_hidden_size": 4096, "context_length": 1024,
      "hidden_size": 4096, "intermediate_size": 16384, "layer_norm_epsilon": 1e-05,
      "num_hidden_layers": 32, "rescale_every": 6, "tie_word_embeddings": false,
      "torch_dtype": "bfloat16", "use_cache": true, "vocab_size": 50277
    }
    """,
    "recurrentgemma-2b": """
    {
      "architectures": ["RecurrentGemmaForCausalLM"],
      "model_type": "recurrent_gemma", "attention_bias": false, "attention_window_size": 2048,
      "block_types": ["recurrent", "recurrent", "attention"], "conv1d_width": 4,
      "head_dim": 256, "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 2560,
      "intermediate_size": 15360, "logits_soft_cap": 30.0, "lru_width": 2560,
      "num_attention_heads": 10, "num_hidden_layers": 26, "num_key_value_heads": 1,
      "partial_rotary_factor": 0.5, "rms_norm_eps": 1e-06, "torch_dtype": "bfloat16",
      "vocab_size": 256000, "w_init_variance_scale": 0.01
    }
    """,
    "qwen3-next-80b-a3b": """
    {
      "architectures": ["Qwen3NextForCausalLM"],
      "model_type": "qwen3_next", "attention_bias": false, "decoder_sparse_step": 1,
      "full_attention_interval": 4, "head_dim": 256, "hidden_act": "silu", "hidden_size": 2048,
      "intermediate_size": 5120, "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128,
      "linear_num_key_heads": 16, "linear_num_value_heads": 32, "linear_value_head_dim": 128,
      "max_position_embeddings": 262144, "mlp_only_layers": [], "moe_intermediate_size": 512,
      "norm_topk_prob": true, "num_attention_heads": 16, "num_experts": 512,
      "num_experts_per_tok": 10, "num_hidden_layers": 48, "num_key_value_heads": 2,
      "partial_rotary_factor": 0.25, "shared_expert_intermediate_size": 512,
      "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": 151936
    }
    """,
    "xlstm-7b": """
    {
      "architectures": ["xLSTMForCausalLM"],
      "model_type": "xlstm", "add_out_norm": true, "chunk_size": 64, "embedding_dim": 4096,
      "ffn_proj_factor": 2.667, "ffn_round_up_to_multiple_of": 64, "gate_soft_cap": 15.0,
      "hidden_size": 4096, "num_blocks": 32, "num_heads": 8, "output_logit_soft_cap": 30.0,
      "qk_dim_factor": 0.5, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
      "use_bias": false, "v_dim_factor": 1.0, "vocab_size": 50304, "weight_mode": "single"
    }
    """,
    "kimi-linear-48b-a3b": """
    {
      "architectures": ["KimiLinearForCausalLM"],
      "model_type": "kimi_linear", "first_k_dense_replace": 1, "head_dim": 72, "hidden_act": "silu",
      "hidden_size": 2304, "intermediate_size": 9216, "kv_lora_rank": 512,
      "linear_attn_config": {
        "full_attn_layers": [4, 8, 12, 16, 20, 24, 27],
        "head_dim": 128,
        "kda_layers": [
          1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26],
        "num_heads": 32, "short_conv_kernel_size": 4
      },
      "mla_use_nope": true, "model_max_length": 1048576, "moe_intermediate_size": 1024,
      "moe_layer_freq": 1, "moe_renormalize": true, "moe_router_activation_func": "sigmoid",
      "num_attention_heads": 32, "num_expert_group": 1, "num_experts": 256,
      "num_experts_per_token": 8, "num_hidden_layers": 27, "num_key_value_heads": 32,
      "num_nextn_predict_layers": 0, "num_shared_experts": 1, "q_lora_rank": null,
      "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "rms_norm_eps": 1e-05,
      "rope_scaling": null, "rope_theta": 10000.0, "routed_scaling_factor": 2.446,
      "tie_word_embeddings": false, "topk_group": 1, "torch_dtype": "bfloat16",
      "use_cache": true, "use_grouped_topk": true, "v_head_dim": 128, "vocab_size": 163840
    }
    """,
    "lfm2-1.2b": """
    {
      "architectures": ["Lfm2ForCausalLM"],
      "model_type": "lfm2", "block_auto_adjust_ff_dim": true, "block_ff_dim": 12288,
      "block_ffn_dim_multiplier": 1.0, "block_multiple_of": 256, "conv_L_cache": 3,
      "conv_bias": false, "full_attn_idxs": [2, 5, 8, 10, 12, 14], "hidden_size": 2048,
      "max_position_embeddings": 128000, "num_attention_heads": 32, "num_hidden_layers": 16,
      "num_key_value_heads": 8, "torch_dtype": "bfloat16", "vocab_size": 65536
    }
    """,
  ]

  private func imported(_ text: String) throws(DataError) -> Model {
    try Model(huggingFace: Array(text.utf8), file: "m.json")
  }

  @Test(arguments: configurations.keys.sorted())
  func agreesWithShippedModel(id: String) throws {
    let model = try imported(try #require(Self.configurations[id]))
    let shipped = try Catalog.shipped.model(named: id).value
    #expect(model.family == shipped.family && model.kind == shipped.kind)
    #expect(model.maxContext == shipped.maxContext)
    #expect(model.norm == shipped.norm && model.position == shipped.position)
    #expect(
      model.layers.map { model.blocks[$0] } == shipped.layers.map { shipped.blocks[$0] })
    #expect(!model.notes.contains { $0.hasPrefix("ignored unknown keys") }, "\(model.notes)")
    let choices = ModelChoices(
      weights: WeightScheme(published: .bf16), kv: .bf16, activations: .bf16)
    let (ours, theirs) = (CompiledModel(model, choices), CompiledModel(shipped, choices))
    #expect(ours.inventory.parameters == theirs.inventory.parameters)
    #expect(ours.inventory.active == theirs.inventory.active)
    #expect(ours.stateBytes(batch: 1) == theirs.stateBytes(batch: 1))
    #expect(
      ours.kvCacheBytes(tokens: 9000, batch: 1) == theirs.kvCacheBytes(tokens: 9000, batch: 1))
  }

  @Test(arguments: [
    (
      "rwkv4-7b", "\"attention_hidden_size\": 4096", "\"attention_hidden_size\": 2048",
      "found the number 2048, but a time mixing of another width cannot be imported"
    ),
    (
      "recurrentgemma-2b", "\"lru_width\": 2560", "\"lru_width\": 2561",
      "10 blocks cannot share a width of 2561 equally"
    ),
    (
      "recurrentgemma-2b", "\"attention\"]", "\"mamba\"]",
      "found the string \"mamba\", a kind of layer that cannot be imported"
    ),
    (
      "recurrentgemma-2b", "\"intermediate_size\": 15360", "\"intermediate_size\": 1",
      "half of 1 is no width"
    ),
    (
      "qwen3-next-80b-a3b", "\"linear_num_key_heads\": 16", "\"linear_num_key_heads\": 5",
      "5 key heads cannot be shared equally by 32"
    ),
    (
      "qwen3-next-80b-a3b", "\"full_attention_interval\": 4", "\"layer_types\": []",
      "has 0 entries for 48 layers"
    ),
    (
      "xlstm-7b", "\"qk_dim_factor\": 0.5", "\"qk_dim_factor\": 0.3",
      "8 heads cannot share a width of 1228 equally"
    ),
    (
      "kimi-linear-48b-a3b", "\"mla_use_nope\": true", "\"mla_use_nope\": false",
      "found false, but latent attention with rotary positions cannot be imported"
    ),
    (
      "kimi-linear-48b-a3b", "24, 27],", "24],",
      "does not complete \"kda_layers\" to all 27 layers"
    ),
    (
      "kimi-linear-48b-a3b", "\"head_dim\": 128", "\"gate_lower_bound\": -5",
      "unknown key \"gate_lower_bound\""
    ),
    ("lfm2-1.2b", "[2, 5, 8, 10, 12, 14]", "[2, 16]", "full_attn_idxs"),
  ])
  func refuses(id: String, good: String, bad: String, problem: String) throws {
    let text = try #require(Self.configurations[id])
    #expect(text.contains(good))
    let error = message { () throws(DataError) in
      _ = try imported(text.replacing(good, with: bad))
    }
    #expect(error?.contains(problem) == true, "\(error ?? "imported")")
  }

  @Test func layersFollowTheirTypes() throws {
    let types = ["linear", "full", "full", "linear"].map { "\"\($0)_attention\"" }
    let model = try ImporterFixture.model(
      "qwen3_next", adding: "\"layer_types\": [\(types.joined(separator: ", "))]")
    #expect(
      model.layers.map { model.blocks[$0]?.mixers.isEmpty } == [false, true, true, false])
    let convolutions = try ImporterFixture.model(
      "lfm2", adding: "\"layer_types\": [\"conv\", \"conv\", \"full_attention\", \"conv\"]",
      "\"block_auto_adjust_ff_dim\": false")
    #expect(
      convolutions.layers.map { convolutions.blocks[$0]?.attention == nil }
        == [true, true, false, true])
    #expect(convolutions.blocks["global"]?.feedForward?.size == 128)
    let biased = try ImporterFixture.model("xlstm", adding: "\"use_bias\": true")
    #expect(biased.normHasBias && biased.blocks["recurrent"]?.feedForward?.hasBias == true)
  }

  /// What the class of transformers takes for keys that are left out: six layers of full attention, and the
  /// parameters that an instance of it has (docs/method.md 1), but for 26 × 256 balancing biases.
  @Test func kimiLinearByDefaultHasSixLayersOfFullAttention() throws {
    let text = """
      { "model_type": "kimi_linear", "hidden_size": 2304, "num_hidden_layers": 27 }
      """
    let model = try imported(text)
    let full = model.layers.indices.filter { model.layers[$0] == "global" }
    #expect(full == [4, 8, 12, 16, 20, 24])
    let choices = ModelChoices(
      weights: WeightScheme(published: .bf16), kv: .bf16, activations: .bf16)
    let inventory = CompiledModel(model, choices).inventory
    #expect(inventory.parameters == 49_133_074_464 + 26 * 256)
    #expect(inventory.active == 3_494_852_640 + 26 * 256)
  }
}
