import Eaves
import EavesCatalog
import Testing

@Suite struct ImporterQuantizationTests {
  private func model(_ quantization: String, type: String = "llama") throws(DataError) -> Model {
    try ImporterFixture.model(type, adding: "\"quantization_config\": {\(quantization)}")
  }

  @Test(arguments: [
    ("\"quant_method\": \"gptq\", \"bits\": 4, \"group_size\": 128", "int4/128+f16+z4"),
    ("\"quant_method\": \"gptq\", \"bits\": 8, \"group_size\": -1", "int8/64+f16+z8"),
    ("\"quant_method\": \"awq\", \"bits\": 4, \"group_size\": 64", "int4/64+f16+z4"),
    ("\"quant_method\": \"awq\", \"bits\": 4, \"zero_point\": false", "int4/128+f16"),
    (
      "\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true, \"bnb_4bit_quant_type\": \"nf4\"",
      "nf4"
    ),
    (
      "\"load_in_4bit\": true, \"bnb_4bit_quant_type\": \"nf4\", \"bnb_4bit_use_double_quant\": true",
      "nf4-dq"
    ),
    ("\"load_in_8bit\": true", "int8/64+f32"),
    ("\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128]", "f8e4m3/128x128+f32"),
    ("\"quant_method\": \"fp8\", \"activation_scheme\": \"dynamic\"", "f8e4m3"),
  ])
  func readsFormat(quantization: String, format: String) throws {
    let model = try model(quantization)
    #expect(model.publishedFormat == .bf16)
    #expect(model.publishedGroups.mapValues(\.name) == [.attention: format, .feedForward: format])
  }

  @Test func readsExpertsHeadAndWhatIsLeftOut() throws {
    let experts = "\"quant_method\": \"awq\", \"bits\": 4, \"modules_to_not_convert\": [\"gate\"]"
    #expect(
      Set(try model(experts, type: "mixtral").publishedGroups.keys)
        == [.attention, .feedForward, .experts])
    let head = "\"quant_method\": \"gptq\", \"bits\": 4, \"lm_head\": true"
    #expect(try model(head).publishedGroups[.head]?.name == "int4/128+f16+z4")
    let skipping = "\"quant_method\": \"fp8\", \"ignored_layers\": [\"lm_head\", \"self_attn\"]"
    #expect(Set(try model(skipping).publishedGroups.keys) == [.feedForward])
    let router = "\"quant_method\": \"fp8\", \"ignored_layers\": [\"model.layers.0.mlp.gate\"]"
    #expect(try model(router).publishedGroups.count == 2)
  }

  @Test func takesTheFormatThatBelongsToTheMethod() throws {
    let gptq = "\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4, \"newer\": 1}"
    let model = try ImporterFixture.model(
      "llama", adding: gptq, replacing: [("\"bfloat16\"", "null")])
    #expect(model.publishedFormat == .f16)
    #expect(model.notes.first?.hasSuffix("torch_dtype = f16") == true)
    #expect(model.notes.last == "ignored unknown keys: quantization_config.newer")
  }

  @Test(arguments: [
    (
      "\"quant_method\": \"aqlm\"",
      "43: quantization_config.quant_method: weights quantised by \"aqlm\" cannot be imported; "
        + "gptq, awq, bitsandbytes, fp8, mxfp4, modelopt, fbgemm_fp8, compressed-tensors can"
    ),
    (
      "\"bits\": 4", "26: quantization_config: missing key \"quant_method\"; add it with a string"
    ),
    (
      "\"quant_method\": \"gptq\", \"bits\": 5",
      "59: quantization_config.bits: \"int5/128+f16+z5\" is no group format; "
        + "write ELEMENT/GROUP+SCALE[+zBITS], such as int4/128+f16 or int4/128+f16+z4"
    ),
    (
      "\"quant_method\": \"gptq\", \"dynamic\": {\"-:a\": {}}",
      "62: quantization_config.dynamic: formats of single modules cannot be imported; "
        + "choose a file with one format"
    ),
    (
      "\"quant_method\": \"fp8\", \"fmt\": \"e5m2\"",
      "57: quantization_config.fmt: \"e5m2\" cannot be imported; e4m3 can"
    ),
    (
      "\"quant_method\": \"mxfp4\"",
      "43: quantization_config.quant_method: only experts are stored in mxfp4, and the model has "
        + "none; remove \"quantization_config\""
    ),
    (
      "\"quant_method\": \"awq\", \"bits\": 4, \"modules_to_not_convert\": [\"model.layers.0.mlp\"]",
      "87: quantization_config.modules_to_not_convert: leaving out \"model.layers.0.mlp\" cannot be "
        + "imported; heads, embeddings, norms, routers and the whole attention may be left out"
    ),
  ])
  func refuses(quantization: String, expected: String) {
    let found = message { () throws(DataError) in _ = try model(quantization) }
    #expect(found == "m.json:13:" + expected)
  }
}
