import Eaves
import EavesCatalog
import Testing

@Suite struct ModelReaderTests {
  private static let text = """
    {"schema": 1, "id": "m", "name": "M", "family": "test", "hf_id": "o/m", "kind": "decoder",
     "aliases": ["em"], "hidden_size": 64, "vocabulary": 1000, "tied_embeddings": true,
     "max_context": 4096, "published_format": "bf16", "published_weights": {"experts": "mxfp4"},
     "norm": "layernorm", "norm_bias": false, "final_norm": false, "embedding_norm": true,
     "position": "learned", "position_rows": 4098,
     "blocks": {
       "a": {"attention": {"heads": 8, "kv_heads": 2, "head_size": 16, "value_head_size": 8,
               "window": 128, "qkv_bias": true, "output_bias": true, "qk_norm": "head", "sinks": true},
             "feed_forward": {"size": 256, "gated": true, "activation": "silu", "bias": true,
               "experts": 8, "experts_per_token": 2, "router_bias": true, "shared_size": 64},
             "norms": 4, "parallel": true, "extra_norm_sizes": [64, 256]},
       "b": {"attention": {"heads": 8, "kv_heads": 8, "head_size": 16},
             "feed_forward": {"size": 256, "gated": false, "activation": "relu_squared"}, "norms": 2}},
     "layers": [{"repeat": 2, "blocks": ["a", "b"]}, {"repeat": 1, "blocks": ["a"]}],
     "head_bias": true,
     "checks": {"parameters": 123456, "published_parameters": "0.12e6", "kv_bytes_per_token": 64,
       "active_parameters": {"with_embeddings": 3, "without_input_embedding": 2,
                             "without_embeddings": 1}},
     "source": "config.json", "verified": true, "notes": ["a note"]}
    """

  private func model(_ text: String) throws(DataError) -> Model {
    try Model(parsing: Array(text.utf8), file: "m.json")
  }

  @Test func readsEveryField() throws {
    let model = try model(Self.text)
    #expect(model.id == "m" && model.hfID == "o/m" && model.kind == .decoder)
    #expect(model.aliases == ["em"] && model.hiddenSize == 64 && model.vocabulary == 1000)
    #expect(model.hasTiedEmbeddings && model.maxContext == 4096)
    #expect(model.publishedFormat == .bf16)
    #expect(model.publishedGroups[.experts]?.name == "mxfp4" && model.publishedGroups.count == 1)
    #expect(model.norm == .layernorm && !model.normHasBias && !model.hasFinalNorm)
    #expect(model.hasEmbeddingNorm && model.headHasBias)
    #expect(model.position == .learned && model.positionRows == 4098)
    #expect(model.layers == ["a", "b", "a", "b", "a"])
    let first = try #require(model.blocks["a"])
    #expect(first.attention?.kvHeads == 2 && first.attention?.valueHeadSize == 8)
    #expect(first.attention?.window == 128 && first.attention?.qkNorm == .head)
    #expect(first.attention?.hasSinks == true && first.attention?.hasQKVBias == true)
    #expect(first.feedForward?.experts == 8 && first.feedForward?.sharedSize == 64)
    #expect(first.norms == 4 && first.isParallel && first.extraNormSizes == [64, 256])
    let second = try #require(model.blocks["b"])
    #expect(second.attention?.valueHeadSize == 16 && second.attention?.window == nil)
    #expect(second.feedForward?.activation == .reluSquared && second.feedForward?.experts == 0)
    #expect(model.checks.parameters == 123_456 && model.checks.publishedParameters == 0.12e6)
    #expect(model.checks.active?.withoutEmbeddings == 1)
    #expect(model.source == "config.json" && model.isVerified && model.notes == ["a note"])
  }

  @Test(arguments: [
    (
      "\"kv_heads\": 2", "\"kv_heads\": 3",
      "7:48: blocks.a.attention.kv_heads: 3 heads cannot be shared equally by 8; write a divisor of \"heads\""
    ),
    (
      "\"experts_per_token\": 2", "\"experts_per_token\": 9",
      "10:47: blocks.a.feed_forward.experts_per_token: found the number 9; write a whole number from 1 to 8"
    ),
    (
      "\"relu_squared\"", "\"relu_squared\", \"router_bias\": true",
      "13:101: blocks.b.feed_forward.router_bias: a feed-forward without experts has none; remove it, or add \"experts\""
    ),
    (
      "[\"a\", \"b\"]", "[\"a\", \"c\"]",
      "14:37: layers[0].blocks: \"c\" is not in \"blocks\"; add it there"
    ),
    ("[\"a\", \"b\"]", "[]", "14:37: layers[0].blocks: names no block; name at least one"),
    (
      "[\"a\", \"b\"]", "[\"a\"]",
      "6:12: blocks: no layer is a \"b\"; remove it, or name it in \"layers\""
    ),
    (
      "\"repeat\": 2", "\"repeat\": 9999",
      "14:24: layers[0].repeat: more than 10000 layers; check the repeats"
    ),
    (
      "\"learned\"", "\"rotary\"",
      "5:41: position_rows: positions are rotary, which have no table; remove it, or write \"position\": \"learned\""
    ),
    (
      "\"head_bias\": true", "\"pooler\": true",
      "15:12: pooler: only encoders have it; remove it, or write \"kind\": \"encoder\""
    ),
    (
      "{\"experts\": \"mxfp4\"}", "{\"expert\": \"mxfp4\"}",
      "3:73: published_weights: unknown key \"expert\"; did you mean \"experts\"?"
    ),
    (
      "\"0.12e6\"", "\"lots\"",
      "16:59: checks.published_parameters: \"lots\" is no count; write it as in \"27.009e9\""
    ),
    (
      "\"heads\": 8, \"kv_heads\": 2", "\"heads\": 8.0, \"kv_heads\": 2",
      "7:33: blocks.a.attention.heads: found the number 8.0; write a whole number from 1 to 100000"
    ),
    (
      "\"hidden_size\": 64", "\"hidden_sise\": 64",
      "2:21: unknown key \"hidden_sise\"; did you mean \"hidden_size\"?"
    ),
  ])
  func refuses(good: String, bad: String, with expected: String) {
    let found = message { () throws(DataError) in
      _ = try model(Self.text.replacing(good, with: bad))
    }
    #expect(found == "m.json:" + expected)
  }

  @Test func takesTheMessageOfTheFormatParser() {
    let found = message { () throws(DataError) in
      _ = try model(Self.text.replacing("\"bf16\"", with: "\"bf17\""))
    }
    #expect(found?.hasPrefix("m.json:3:43: published_format: \"bf17\"") == true, "\(found ?? "")")
  }
}
