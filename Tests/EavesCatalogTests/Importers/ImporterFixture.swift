import Eaves
import EavesCatalog

/// A `config.json` of a published model, in `Fixtures/huggingface`.
enum ImporterFixture {
  /// The path of the file, whatever the working directory is.
  static func path(_ id: String, test: String = #filePath) -> String {
    let target = test.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(target)/Fixtures/huggingface/\(id).config.json"
  }

  /// The model of a published file, read as a command would.
  static func published(_ id: String) throws(DataError) -> Model {
    try Catalog.shipped.model(named: path(id)).value
  }

  /// A small configuration whose keys stand on lines of their own.
  static let text = """
    {
      "architectures": ["LlamaForCausalLM"],
      "model_type": "llama",
      "hidden_size": 64,
      "num_hidden_layers": 4,
      "num_attention_heads": 8,
      "num_key_value_heads": 2,
      "intermediate_size": 128,
      "vocab_size": 1000,
      "max_position_embeddings": 4096,
      "tie_word_embeddings": false,
      "rms_norm_eps": 1e-05,
      "torch_dtype": "bfloat16"
    }
    """

  /// The small configuration with another type and further keys, after those on its own lines.
  static func model(
    _ type: String, adding keys: String..., replacing: [(String, String)] = []
  ) throws(DataError) -> Model {
    var text = text.replacing("\"llama\"", with: "\"\(type)\"")
    for (old, new) in replacing { text = text.replacing(old, with: new) }
    text = text.replacing(
      "\"torch_dtype\"", with: (keys + ["\"torch_dtype\""]).joined(separator: ",\n  "))
    return try Model(huggingFace: Array(text.utf8), file: "m.json")
  }
}
