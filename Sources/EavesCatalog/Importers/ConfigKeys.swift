/// Keys of a Hugging Face configuration: their spellings, and what becomes of those that nobody reads.
enum ConfigKeys {
  static let hidden = ["hidden_size", "n_embd", "d_model", "dim", "embedding_dim"]
  static let layers = [
    "num_hidden_layers", "n_layer", "n_layers", "num_layers", "num_blocks", "encoder_layers",
  ]
  static let heads = [
    "num_attention_heads", "n_head", "n_heads", "num_heads", "encoder_attention_heads",
    "decoder_attention_heads",
  ]
  static let kvHeads = ["num_key_value_heads", "num_kv_heads", "n_kv_heads"]
  static let headSize = ["head_dim"]
  static let feedForward = [
    "intermediate_size", "ffn_dim", "n_inner", "ffn_hidden_size", "hidden_dim", "mlp_hidden_size",
    "block_ff_dim", "d_ff", "encoder_ffn_dim", "decoder_ffn_dim",
  ]
  static let vocabulary = ["vocab_size"]
  static let positions = [
    "max_position_embeddings", "n_positions", "max_sequence_length", "max_target_positions",
  ]
  static let experts = ["num_experts", "num_local_experts", "n_routed_experts"]
  static let expertsPerToken = [
    "num_experts_per_tok", "experts_per_token", "num_experts_per_token",
  ]
  static let activation = [
    "hidden_activation", "hidden_act", "activation_function", "activation", "activation_type",
  ]

  /// What becomes of a key that the family has not read.
  enum Verdict {
    /// It changes neither shapes nor counts, or says that a part is not there.
    case ignored
    /// It changes the cost; the reason names what it brings.
    case refused(String)
    /// Nothing is known of it.
    case unknown
  }

  /// The verdict on a key that the family has not read.
  static func verdict(on member: JSONNode.Member) -> Verdict {
    let key = member.key
    let prefix = refusedPrefixes.first { key.hasPrefix($0.prefix) }
    if let reason = refused[key] ?? prefix?.reason {
      return isOff(member.node) ? .ignored : .refused(reason)
    }
    let isHarmless =
      harmless.contains(key) || harmlessPrefixes.contains { key.hasPrefix($0) }
      || harmlessSuffixes.contains { key.hasSuffix($0) }
    return isHarmless ? .ignored : .unknown
  }

  /// `null`, `false`, zero and empty lists, texts and objects: the part that a key speaks of is not there.
  static func isOff(_ node: JSONNode) -> Bool {
    switch node.value {
    case .null: true
    case .boolean(let value): !value
    case .number(let text): Double(text) == 0
    case .string(let text): text.isEmpty
    case .array(let nodes): nodes.isEmpty
    case .object(let members): members.isEmpty
    }
  }

  private static let refused: [String: String] = [
    "q_lora_rank": "latent attention", "kv_lora_rank": "latent attention",
    "qk_rope_head_dim": "latent attention", "qk_nope_head_dim": "latent attention",
    "v_head_dim": "latent attention", "use_mla": "latent attention",
    "num_kv_shared_layers": "layers that share a cache",
    "attention_chunk_size": "chunked attention",
    "is_encoder_decoder": "an encoder with a decoder", "add_cross_attention": "cross-attention",
    "use_bidirectional_attention": "attention to later tokens",
    "state_size": "a recurrent state", "d_state": "a recurrent state",
    "d_conv": "a recurrent state", "conv_kernel": "a recurrent state",
    "time_step_rank": "a recurrent state",
    "layers_block_type": "layers of other kinds", "block_types": "layers of other kinds",
    "hybrid_override_pattern": "layers of other kinds",
    "full_attention_interval": "layers of other kinds",
    "attn_layer_indices": "layers of other kinds", "attn_layer_period": "layers of other kinds",
    "layer_types": "windows of some layers", "sliding_window": "a window",
    "use_sliding_window": "a window", "sliding_window_pattern": "windows of some layers",
    "num_experts": "experts", "num_local_experts": "experts", "moe_num_experts": "experts",
    "n_routed_experts": "experts", "moe_intermediate_size": "experts",
    "n_shared_experts": "shared experts", "num_shared_experts": "shared experts",
    "shared_expert_intermediate_size": "shared experts",
    "first_k_dense_replace": "dense layers before those with experts",
    "num_nextn_predict_layers": "layers that predict further tokens",
    "hidden_size_per_layer_input": "embeddings of each layer",
    "vocab_size_per_layer_input": "embeddings of each layer",
    "altup_num_inputs": "alternating updates", "laurel_rank": "low-rank residuals",
    "activation_sparsity_pattern": "sparse activations", "pruned_heads": "pruned heads",
    "embedding_size": "a projected embedding", "word_embed_proj_dim": "a projected embedding",
    "compression_config": "compressed weights",
  ]

  private static let refusedPrefixes: [(prefix: String, reason: String)] = [
    ("ssm_", "a state-space model"), ("mamba_", "a state-space model"),
    ("linear_", "linear attention"), ("cross_attention", "cross-attention"),
  ]

  private static let harmless: Set<String> = [
    "aggregated_router_loss", "apply_residual_connection_post_layernorm", "attn_implementation",
    "auto_map", "bad_words_ids", "cache_implementation", "chunk_size_feed_forward", "clip_qkv",
    "custom_pipelines", "dropout", "finetuning_task", "gradient_checkpointing", "id2label",
    "init_std", "initial_context_length", "initializer_factor", "initializer_range",
    "is_decoder", "label2id", "language", "layer_norm_eps", "layer_norm_epsilon", "layerdrop",
    "mlp_ratio", "mm_tokens_per_image", "model_max_length", "n_ctx", "norm_topk_prob",
    "num_labels", "original_max_position_embeddings", "output_attentions",
    "output_hidden_states", "output_past", "output_router_logits", "partial_rotary_factor",
    "prefix", "pretraining_tp", "problem_type", "query_pre_attn_scalar",
    "reorder_and_upcast_attn", "return_dict", "rms_norm_eps", "scale_attn_by_inverse_layer_idx",
    "scale_attn_weights", "scoring_func", "sinusoidal_pos_embds", "swiglu_alpha",
    "swiglu_limit", "task_specific_params", "tie_encoder_decoder", "tie_weights_",
    "tokenizer_class", "torchscript", "transformers.js_config", "transformers_version",
    "use_bfloat16", "use_cache", "use_mrope", "use_return_dict",
  ]

  private static let harmlessPrefixes = ["_", "rope_", "rotary_", "router_", "summary_"]

  private static let harmlessSuffixes = [
    "_token_id", "_token_ids", "_token_index", "_dropout", "_dropout_prob", "_pdrop",
    "_softcapping", "_loss_coef",
  ]
}
