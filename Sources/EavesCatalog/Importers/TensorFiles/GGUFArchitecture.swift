/// How the metadata of one `general.architecture` says what a Hugging Face configuration says.
///
/// Source: `constants.py` of `gguf-py` for keys and tensors, `convert_hf_to_gguf.py` of ggml-org/llama.cpp for what
/// the keys come from.
struct GGUFArchitecture: Sendable {
  let name: String
  /// The `model_type` of the configuration.
  let modelType: @Sendable (GGUFMetadata) throws(DataError) -> String
  /// Whether the width of a head is the model's width over the heads, always.
  var derivesHeadSize = false
  /// Adds keys beside those that all have.
  var complete: @Sendable (GGUFMetadata, inout ConfigText) throws(DataError) -> Void = { _, _ in }

  static let all: [GGUFArchitecture] = [
    GGUFArchitecture(name: "llama", modelType: llamaType, complete: completeLlama),
    GGUFArchitecture(name: "qwen2", modelType: { _ in "qwen2" }),
    GGUFArchitecture(name: "qwen3", modelType: { _ in "qwen3" }),
    GGUFArchitecture(name: "qwen2moe", modelType: { _ in "qwen2_moe" }) {
      (metadata, config) throws(DataError) in
      try experts(metadata, &config)
      config.set(
        "shared_expert_intermediate_size",
        try metadata.integer("expert_shared_feed_forward_length"))
    },
    GGUFArchitecture(name: "qwen3moe", modelType: { _ in "qwen3_moe" }, complete: experts),
    GGUFArchitecture(name: "gemma", modelType: { _ in "gemma" }),
    GGUFArchitecture(name: "gemma2", modelType: { _ in "gemma2" }, complete: windows),
    GGUFArchitecture(name: "gemma3", modelType: { _ in "gemma3_text" }, complete: windows),
    GGUFArchitecture(name: "phi2", modelType: { _ in "phi" }),
    GGUFArchitecture(name: "phi3", modelType: { _ in "phi3" }, complete: windows),
    GGUFArchitecture(name: "olmo2", modelType: { _ in "olmo2" }, complete: attentionBias),
    GGUFArchitecture(name: "gpt2", modelType: { _ in "gpt2" }, derivesHeadSize: true),
    GGUFArchitecture(name: "gptneox", modelType: { _ in "gpt_neox" }, derivesHeadSize: true) {
      (metadata, config) throws(DataError) in
      config.set("use_parallel_residual", metadata.boolean("use_parallel_residual") ?? true)
    },
    GGUFArchitecture(name: "stablelm", modelType: { _ in "stablelm" }, derivesHeadSize: true) {
      (metadata, config) throws(DataError) in
      config.set("use_qkv_bias", metadata.hasLayerTensor("attn_q.bias"))
      config.set("qk_layernorm", metadata.hasLayerTensor("attn_q_norm.weight"))
      config.set("use_parallel_residual", !metadata.hasLayerTensor("ffn_norm.weight"))
    },
    GGUFArchitecture(name: "falcon", modelType: { _ in "falcon" }, derivesHeadSize: true) {
      (metadata, config) throws(DataError) in
      let isNew =
        try metadata.optional("attention.head_count_kv") ?? 1 > 1
        || metadata.hasLayerTensor("attn_norm_2.weight")
      config.set("new_decoder_architecture", isNew)
      config.set("num_ln_in_parallel_attn", metadata.hasLayerTensor("attn_norm_2.weight") ? 2 : 1)
    },
    GGUFArchitecture(name: "gpt-oss", modelType: { _ in "gpt_oss" }) {
      (metadata, config) throws(DataError) in
      config.set("num_local_experts", try metadata.integer("expert_count"))
      config.set("num_experts_per_tok", try metadata.integer("expert_used_count"))
      try windows(metadata, &config)
    },
  ]

  static func named(_ name: String) -> GGUFArchitecture? { all.first { $0.name == name } }

  /// The configuration that says the same.
  func config(_ metadata: GGUFMetadata) throws(DataError) -> [UInt8] {
    var config = ConfigText()
    let type = try modelType(metadata)
    let hidden = try metadata.integer("embedding_length")
    let heads = try metadata.integer("attention.head_count")
    guard heads > 0 else {
      throw metadata.error("attention.head_count", "found 0", "write 1 or more")
    }
    config.set("model_type", type)
    config.set("hidden_size", hidden)
    config.set("num_hidden_layers", try metadata.integer("block_count"))
    config.set("num_attention_heads", heads)
    config.set("max_position_embeddings", try metadata.integer("context_length"))
    let table = try metadata.shape(of: "token_embd.weight")
    config.set("vocab_size", table[0])
    config.set("tie_word_embeddings", !metadata.hasTensor("output.weight"))
    let kvHeads = try metadata.optional("attention.head_count_kv") ?? heads
    if type != "gpt2", type != "gpt_neox" { config.set("num_key_value_heads", kvHeads) }
    let headSize = try metadata.optional("attention.key_length") ?? hidden / heads
    guard try metadata.optional("attention.value_length") ?? headSize == headSize else {
      throw metadata.error(
        "attention.value_length", "differs from the length of keys, which cannot be imported",
        "choose another model")
    }
    if derivesHeadSize {
      guard headSize == hidden / heads else {
        throw metadata.error(
          "attention.key_length", "\(headSize) is not the width over the heads",
          "choose another model")
      }
    } else {
      config.set("head_dim", headSize)
    }
    // Of a mixture of experts the width of one is what layers have.
    let width = try metadata.optional("feed_forward_length")
    let expert = try metadata.optional("expert_feed_forward_length")
    if let size = type == "gpt_oss" || width == nil || width == 0 ? expert ?? width : width {
      config.set("intermediate_size", size)
    }
    config.set("torch_dtype", "float32")
    try complete(metadata, &config)
    return config.bytes
  }

  @Sendable
  private static func llamaType(_ metadata: GGUFMetadata) throws(DataError) -> String {
    if try metadata.optional("expert_count") ?? 0 > 0 { return "mixtral" }
    return try metadata.optional("attention.sliding_window") == nil ? "llama" : "mistral"
  }

  @Sendable
  private static func completeLlama(
    _ metadata: GGUFMetadata, _ config: inout ConfigText
  ) throws(DataError) {
    switch try llamaType(metadata) {
    case "mixtral":
      config.set("num_local_experts", try metadata.integer("expert_count"))
      config.set("num_experts_per_tok", try metadata.integer("expert_used_count"))
      try windows(metadata, &config)
    case "mistral": try windows(metadata, &config)
    default:
      try attentionBias(metadata, &config)
      config.set("mlp_bias", metadata.hasLayerTensor("ffn_up.bias"))
    }
  }

  @Sendable
  private static func attentionBias(
    _ metadata: GGUFMetadata, _ config: inout ConfigText
  ) throws(DataError) {
    config.set("attention_bias", metadata.hasLayerTensor("attn_q.bias"))
  }

  @Sendable
  private static func experts(
    _ metadata: GGUFMetadata, _ config: inout ConfigText
  ) throws(DataError) {
    config.set("num_experts", try metadata.integer("expert_count"))
    config.set("num_experts_per_tok", try metadata.integer("expert_used_count"))
    config.set("moe_intermediate_size", try metadata.integer("expert_feed_forward_length"))
  }

  /// A window, and which layers have it where the file says so.
  @Sendable
  private static func windows(
    _ metadata: GGUFMetadata, _ config: inout ConfigText
  ) throws(DataError) {
    guard let window = try metadata.optional("attention.sliding_window"), window > 0 else { return }
    config.set("sliding_window", window)
    let key = "attention.sliding_window_pattern"
    if let layers = metadata.list(key) {
      config.set("layer_types", layers.map { $0 == 1 ? "sliding_attention" : "full_attention" })
    } else if let period = try metadata.optional(key) {
      config.set("sliding_window_pattern", period)
    }
  }
}
