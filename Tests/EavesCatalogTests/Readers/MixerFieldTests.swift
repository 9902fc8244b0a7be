import Eaves
import EavesCatalog
import Testing

/// What a model file can get wrong in the fields of a mixer: each is one line with a remedy.
@Suite struct MixerFieldTests {
  private func failure(_ mixer: String, hidden: Int = 64) -> String? {
    let text = """
      {
        "schema": 1, "id": "m", "name": "M", "family": "test", "kind": "decoder", "aliases": [],
        "hidden_size": \(hidden), "vocabulary": 100, "tied_embeddings": true, "max_context": 100,
        "published_format": "bf16", "norm": "rmsnorm", "position": "none",
        "blocks": { "layer": { "mixers": [{ \(mixer) }], "norms": 1 } },
        "layers": [{ "repeat": 1, "blocks": ["layer"] }],
        "source": "test", "verified": false
      }
      """
    return message { () throws(DataError) in
      _ = try Model(parsing: Array(text.utf8), file: "m.json")
    }
  }

  @Test func aMixerIsRead() {
    #expect(failure("\"kind\": \"lstm\"") == nil)
    #expect(failure("\"kind\": \"rwkv6\", \"mix_rank\": 8, \"decay_rank\": 8") == nil)
  }

  @Test(arguments: [
    ("\"kind\": \"lstmm\"", "kind: \"lstmm\" is no mixer; did you mean \"lstm\"?"),
    ("\"kind\": \"lstm\", \"biases\": 3", "biases: found the number 3"),
    ("\"kind\": \"lstm\", \"size\": 3", "unknown key \"size\""),
    ("\"kind\": \"rwkv6\", \"mix_rank\": 8", "missing key \"decay_rank\""),
    (
      "\"kind\": \"rwkv6\", \"mix_rank\": 8, \"decay_rank\": 8, \"head_size\": 48",
      "the rwkv6 of \"layer\": heads of 48 do not divide a width of 64"
    ),
    (
      "\"kind\": \"rwkv7\", \"decay_rank\": 8, \"rate_rank\": 8, \"gate_rank\": 8, \"head_size\": 65",
      "heads of 65 do not divide a width of 64"
    ),
    (
      "\"kind\": \"rg_lru\", \"size\": 64, \"heads\": 5",
      "5 blocks cannot share a width of 64 equally; write a divisor of \"size\""
    ),
    (
      "\"kind\": \"gated_delta\", \"key_heads\": 3, \"value_heads\": 4, \"key_head_size\": 8, "
        + "\"value_head_size\": 8",
      "3 key heads cannot be shared equally by 4"
    ),
    (
      "\"kind\": \"synthesizer\", \"heads\": 2, \"head_size\": 8, \"n_max\": 100, "
        + "\"form\": \"factorised\", \"k1\": 8, \"k2\": 8",
      "8 × 8 scores are fewer than 100 tokens"
    ),
    (
      "\"kind\": \"linformer\", \"heads\": 2, \"head_size\": 8, \"rank\": 8, \"n_max\": 9, "
        + "\"sharing\": \"all\"",
      "\"all\" is none of none, head, kv, layer"
    ),
  ])
  func whatIsWrongIsSaid(mixer: String, problem: String) {
    let found = failure(mixer)
    #expect(found?.contains(problem) == true, "\(found ?? "read")")
  }
}
