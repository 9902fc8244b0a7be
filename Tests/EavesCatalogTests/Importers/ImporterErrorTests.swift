import Eaves
import EavesCatalog
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct ImporterErrorTests {
  private static let types =
    "bert, deepseek_v2, deepseek_v3, distilbert, falcon, gemma, gemma2, gemma3, gemma3_text, gemma3n, "
    + "gemma3n_text, gpt2, gpt_neox, gpt_oss, llama, mistral, mixtral, olmo, olmo2, opt, phi, phi3, "
    + "qwen2, qwen2_moe, qwen3, qwen3_moe, roberta, stablelm, t5, whisper"

  private func failure(_ text: String) -> DataError? {
    do {
      _ = try Model(huggingFace: Array(text.utf8), file: "m.json")
      return nil
    } catch {
      return error
    }
  }

  private func refused(_ good: String, _ bad: String) -> String? {
    #expect(ImporterFixture.text.contains(good))
    let error = failure(ImporterFixture.text.replacing(good, with: bad))
    #expect(error?.kind.exitCode == 65)
    return error?.description
  }

  @Test(arguments: [
    (
      "\"llama\"", "\"mamba\"",
      "3:17: model_type: \"mamba\" is not supported; supported are \(types)"
    ),
    (
      "  \"model_type\": \"llama\",\n", "",
      "1:1: missing key \"model_type\"; add it with one of \(types)"
    ),
    (
      "\"llama\"", "7", "3:17: model_type: found the number 7; write a string that is not empty"
    ),
    (
      "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3",
      "7:26: num_key_value_heads: 3 heads cannot be shared equally by 8; "
        + "write a divisor of \"num_attention_heads\""
    ),
    (
      "\"hidden_size\": 64", "\"hidden_size\": 63",
      "6:26: num_attention_heads: 8 heads cannot share a width of 63 equally; "
        + "write a divisor of \"hidden_size\", or add \"head_dim\""
    ),
    (
      "\"hidden_size\": 64", "\"hidden_size\": 0",
      "4:18: hidden_size: found the number 0; write a whole number from 1 to 10000000"
    ),
    (
      "\"hidden_size\": 64", "\"hidden_size\": -64",
      "4:18: hidden_size: found the number -64; write a whole number from 1 to 10000000"
    ),
    (
      "\"vocab_size\": 1000", "\"vocab_size\": 99999999999",
      "9:17: vocab_size: found the number 99999999999; write a whole number from 1 to 1000000000"
    ),
    (
      "\"vocab_size\": 1000", "\"vocab_size\": \"1000\"",
      "9:17: vocab_size: found the string \"1000\"; write a whole number from 1 to 1000000000"
    ),
    (
      "\"hidden_size\": 64", "\"hidden_sise\": 64",
      "4:3: unknown key \"hidden_sise\"; did you mean \"hidden_size\"?"
    ),
    (
      "\"num_hidden_layers\": 4,\n", "\n",
      "1:1: missing key \"num_hidden_layers\"; add it with a whole number from 1 to 10000"
    ),
    (
      "\"hidden_size\": 64", "\"hidden_size\": 64, \"d_model\": 32",
      "4:33: d_model: 32 contradicts \"hidden_size\", which is 64; remove one of them"
    ),
    (
      "\"bfloat16\"", "\"float8_e5m2\"",
      "13:18: torch_dtype: the format \"float8_e5m2\" cannot be imported; "
        + "bfloat16, float16 and float32 can"
    ),
    (
      "\"rms_norm_eps\": 1e-05", "\"hidden_act\": \"tanh\"",
      "12:17: hidden_act: the activation \"tanh\" cannot be imported; "
        + "silu, gelu (and its approximations), relu and relu2 can"
    ),
  ])
  func refusesShapes(good: String, bad: String, with expected: String) {
    #expect(refused(good, bad) == "m.json:" + expected)
  }

  @Test(arguments: [
    ("q_lora_rank", "1536", "the number 1536", "latent attention"),
    ("kv_lora_rank", "512", "the number 512", "latent attention"),
    ("num_kv_shared_layers", "10", "the number 10", "layers that share a cache"),
    ("attention_chunk_size", "8192", "the number 8192", "chunked attention"),
    ("add_cross_attention", "true", "true", "cross-attention"),
    ("cross_attention_layers", "[1]", "a list", "cross-attention"),
    ("ssm_state_size", "128", "the number 128", "a state-space model"),
    ("mamba_d_state", "16", "the number 16", "a state-space model"),
    ("num_local_experts", "8", "the number 8", "experts"),
    ("sliding_window", "1024", "the number 1024", "a window"),
    ("layer_types", "[\"sliding_attention\"]", "a list", "windows of some layers"),
    ("compression_config", "{\"a\": 1}", "an object", "compressed weights"),
  ])
  func refusesWhatChangesTheCost(key: String, value: String, found: String, reason: String) {
    let message =
      "m.json:12:\(key.count + 7): \(key): found \(found), but \(reason) cannot be imported; "
      + "choose a model without it, or remove the key if the model has none"
    #expect(refused("\"rms_norm_eps\": 1e-05", "\"\(key)\": \(value)") == message)
  }

  @Test(arguments: [
    "\"q_lora_rank\": null", "\"num_kv_shared_layers\": 0", "\"add_cross_attention\": false",
    "\"pruned_heads\": {}", "\"sliding_window\": null", "\"layer_types\": []",
  ])
  func letsPassWhatIsOff(member: String) throws {
    let model = try ImporterFixture.model("llama", adding: member)
    #expect(model.notes.allSatisfy { !$0.hasPrefix("ignored") }, "\(model.notes)")
  }

  @Test func refusesTheFirstKey() {
    let keys = "\"kv_lora_rank\": 512, \"q_lora_rank\": 1536"
    #expect(
      refused("\"rms_norm_eps\": 1e-05", keys)?.hasPrefix("m.json:12:19: kv_lora_rank:") == true)
  }

  @Test(arguments: [
    (
      "[\"sliding_attention\", \"chunked_attention\"]",
      "40: layer_types[1]: found the string \"chunked_attention\", a kind of layer that cannot be "
        + "imported; full_attention and sliding_attention can"
    ),
    (
      "[\"full_attention\"]",
      "18: layer_types: has 1 entries for 4 layers; write one a layer"
    ),
    (
      "\"full_attention\"",
      "18: layer_types: found the string \"full_attention\"; "
        + "write a list of strings, [ … ]"
    ),
  ])
  func refusesLayerTypes(types: String, expected: String) {
    let found = message { () throws(DataError) in
      _ = try ImporterFixture.model(
        "gemma2", adding: "\"head_dim\": 16", "\"sliding_window\": 32", "\"layer_types\": \(types)")
    }
    #expect(found == "m.json:15:" + expected)
  }

  @Test func refusesWindowsWithoutASize() {
    let types = Array(repeating: "\"sliding_attention\"", count: 4).joined(separator: ", ")
    let found = message { () throws(DataError) in
      _ = try ImporterFixture.model("qwen2", adding: "\"layer_types\": [\(types)]")
    }
    #expect(
      found
        == "m.json:13:18: layer_types: some layers have a window, but \"sliding_window\" gives none; "
        + "write its size there")
  }

  @Test func refusesMoreExpertsThanThereAre() {
    let found = message { () throws(DataError) in
      _ = try ImporterFixture.model(
        "mixtral", adding: "\"num_local_experts\": 4", "\"num_experts_per_tok\": 5")
    }
    #expect(
      found
        == "m.json:14:26: num_experts_per_tok: a token cannot use 5 of 4 experts; "
        + "write at most \"num_local_experts\"")
  }

  @Test func namesThePathInsideTextConfig() {
    let text = """
      {"model_type": "gemma3", "text_config": {"hidden_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 8, "num_key_value_heads": 3}}
      """
    #expect(
      failure(text)?.description
        == "m.json:2:52: text_config.num_key_value_heads: 3 heads cannot be shared equally by 8; "
        + "write a divisor of \"num_attention_heads\"")
    #expect(
      failure("{\"model_type\": \"gemma3\"}")?.description
        == "m.json:1:1: missing key \"text_config\"; add it with an object, { … }")
  }

  @Test func readsFromAnotherWorkingDirectory() throws {
    let folder = TemporaryFolder()
    let text = ImporterFixture.text
    folder.write(text.utf8, to: "config.json")
    folder.write(text.replacing("\"llama\"", with: "\"mamba\"").utf8, to: "bad.json")
    folder.write("{\"n_embd\": 64}".utf8, to: "other.json")
    let before = try #require(getcwd(nil, 0))
    defer {
      chdir(before)
      free(before)
    }
    try #require(chdir(folder.path) == 0)
    let catalog = Catalog.shipped
    #expect(folder.path.hasSuffix("/" + (try catalog.model(named: "config.json").value.id)))
    #expect(folder.path.hasSuffix("/" + (try catalog.model(named: "./config.json").value.id)))
    #expect(
      message { () throws(DataError) in _ = try catalog.model(named: "bad.json") }
        == "bad.json:3:17: model_type: \"mamba\" is not supported; supported are \(Self.types)")
    // Neither a configuration nor a model file: the reader of model files says what it misses.
    #expect(
      message { () throws(DataError) in _ = try catalog.model(named: "other.json") }
        == "other.json:1:1: missing key \"schema\"; add it with a whole number from 1 to 1000000")
  }
}
