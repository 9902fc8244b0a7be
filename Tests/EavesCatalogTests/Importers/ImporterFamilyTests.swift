import Eaves
import EavesCatalog
import Testing

@Suite struct ImporterFamilyTests {
  private func windows(_ model: Model) -> [Int?] {
    model.layers.map { model.blocks[$0]?.attention?.window }
  }

  /// Sizes that some families need to fit a width of 64.
  private static let sizes = [
    "mamba2": "\"num_heads\": 8, \"head_dim\": 16",
    "bamba": "\"mamba_n_heads\": 8",
    "falcon_h1": "\"mamba_n_heads\": 8, \"mamba_d_ssm\": 96",
    "gemma3n_text": "\"num_kv_shared_layers\": 0", "deepseek_v2": "\"num_experts_per_tok\": 2",
    "llada": "\"block_type\": \"llama\", \"layer_norm_type\": \"rms\"",
  ]

  @Test(arguments: HuggingFaceConfig.modelTypes)
  func readsEveryFamily(type: String) throws {
    // The text part of gemma3 is an object of its own; zamba2 lists its layers; others have no heads.
    guard !["gemma3", "gemma3n", "zamba2"].contains(type) else { return }
    if ["vit", "deit", "mobilevit"].contains(type) {
      // They have few keys in common with the others.
      let model = try Model(
        huggingFace: Array("{\"model_type\": \"\(type)\"}".utf8), file: "m.json")
      return #expect(model.fixedTokens != nil && model.vocabulary == 0)
    }
    let model = try ImporterFixture.model(type, adding: Self.sizes[type] ?? "\"use_cache\": true")
    #expect(model.layers.count == 4 && model.hiddenSize == 64 && model.vocabulary == 1000)
    guard type != "mobilebert" else { return }
    #expect(
      model.blocks.values.allSatisfy { ($0.attention?.heads ?? 8) == 8 }
        && model.blocks.values.allSatisfy { $0.attention != nil || !$0.mixers.isEmpty })
  }

  @Test func readsWindows() throws {
    let window = "\"sliding_window\": 32"
    #expect(windows(try ImporterFixture.model("mistral", adding: window)) == [32, 32, 32, 32])
    #expect(
      windows(try ImporterFixture.model("mistral", adding: "\"sliding_window\": null"))
        == [nil, nil, nil, nil])
    #expect(windows(try ImporterFixture.model("gemma2", adding: window)) == [32, nil, 32, nil])
    #expect(
      windows(
        try ImporterFixture.model("gemma3_text", adding: window, "\"sliding_window_pattern\": 3"))
        == [32, 32, nil, 32])
    #expect(windows(try ImporterFixture.model("qwen2", adding: window)) == [nil, nil, nil, nil])
    let used = "\"use_sliding_window\": true"
    #expect(
      windows(
        try ImporterFixture.model("qwen3", adding: window, used, "\"max_window_layers\": 3"))
        == [nil, nil, nil, 32])
    #expect(
      windows(try ImporterFixture.model("qwen3_moe", adding: window, used)) == [32, 32, 32, 32])
    let types = ["full", "sliding", "sliding", "full"].map { "\"\($0)_attention\"" }
    #expect(
      windows(
        try ImporterFixture.model(
          "gpt_oss", adding: window, "\"layer_types\": [\(types.joined(separator: ", "))]"))
        == [nil, 32, 32, nil])
  }

  @Test func readsExpertsOfSomeLayers() throws {
    let model = try ImporterFixture.model(
      "qwen2_moe", adding: "\"num_experts\": 8", "\"num_experts_per_tok\": 2",
      "\"moe_intermediate_size\": 16", "\"shared_expert_intermediate_size\": 48",
      "\"decoder_sparse_step\": 2", "\"mlp_only_layers\": [3]")
    let parts = model.layers.compactMap { model.blocks[$0]?.feedForward }
    #expect(parts.map(\.experts) == [0, 8, 0, 0] && parts.map(\.size) == [128, 16, 128, 128])
    #expect(parts[1].sharedSize == 48 && parts[1].expertsPerToken == 2)
    #expect(
      model.blocks.values.allSatisfy {
        $0.attention?.hasQKVBias == true && $0.attention?.hasOutputBias == false
      })
    #expect(parts[1].hasSharedGate && !parts[0].hasSharedGate)
  }

  @Test func tellsNullFromAbsent() throws {
    let kvHeads = "\"num_key_value_heads\": 2"
    let absent = try ImporterFixture.model("mistral", replacing: [("  \(kvHeads),\n", "")])
    #expect(absent.blocks["local"] == nil, "the window of 4096 is the context")
    #expect(absent.blocks["global"]?.attention?.kvHeads == 8)
    let null = try ImporterFixture.model(
      "qwen2", replacing: [(kvHeads, "\"num_key_value_heads\": null")])
    #expect(null.blocks["global"]?.attention?.kvHeads == 8)
    let found = message { () throws(DataError) in
      _ = try ImporterFixture.model("qwen2", replacing: [("  \(kvHeads),\n", "")])
    }
    #expect(
      found
        == "m.json:1:1: num_key_value_heads: 32 heads cannot be shared equally by 8; "
        + "write a divisor of \"num_attention_heads\"")
  }

  @Test func readsFalconOfBothArchitectures() throws {
    func block(_ keys: String) throws -> Block? {
      try ImporterFixture.model("falcon", adding: keys).blocks["global"]
    }
    let old = try #require(try block("\"alibi\": false"))
    #expect(old.attention?.kvHeads == 1 && old.norms == 1 && old.isParallel)
    let new = try #require(try block("\"new_decoder_architecture\": true"))
    #expect(new.attention?.kvHeads == 2 && new.norms == 2 && new.isParallel)
    let rw = try #require(
      try block("\"multi_query\": false, \"parallel_attn\": false, \"alibi\": true, \"bias\": true")
    )
    #expect(
      rw.attention?.kvHeads == 2 && rw.norms == 2 && !rw.isParallel
        && rw.feedForward?.hasBias == true)
  }

  @Test(arguments: [
    ("opt", "\"word_embed_proj_dim\": 32", "a projected embedding", "the number 32"),
    ("opt", "\"layer_norm_elementwise_affine\": false", "a norm without weights", "false"),
    ("phi", "\"qk_layernorm\": true", "norms with biases on queries and keys", "true"),
    ("bert", "\"is_decoder\": true", "an encoder that works as a decoder", "true"),
    (
      "bert", "\"position_embedding_type\": \"relative_key\"",
      "a position embedding of this type", "the string \"relative_key\""
    ),
    ("qwen2_moe", "\"use_sliding_window\": true", "a window without \"layer_types\"", "true"),
  ])
  func refuses(type: String, member: String, reason: String, found: String) {
    let error = message { () throws(DataError) in
      _ = try ImporterFixture.model(type, adding: member)
    }
    #expect(error?.contains("found \(found), but \(reason) cannot be imported") == true)
  }

  @Test(arguments: [
    ("models/My Llama/config.json", "My-Llama"), ("/tmp/x/mine.json", "mine"),
    ("llama-3.1-8b.config.json", "llama-3.1-8b"), ("/config.json", "config"),
    ("a/models--org--some-name/snapshots/0e9e39f/config.json", "some-name"),
  ])
  func namesTheModel(path: String, id: String) throws {
    let model = try Model(huggingFace: Array(ImporterFixture.text.utf8), file: path)
    #expect(model.id == id && model.name == id)
  }

  @Test func remarksOnOtherHeads() throws {
    let model = try ImporterFixture.model(
      "llama", replacing: [("ForCausalLM", "ForSequenceClassification")])
    #expect(
      model.notes.first
        == "counted as a language model with its output head, not as LlamaForSequenceClassification"
    )
  }
}
