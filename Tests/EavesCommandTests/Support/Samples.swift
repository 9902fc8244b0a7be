import Foundation

/// Small files of a user's own, and ways to spoil them.
enum Sample {
  static let chip = """
    {
      "schema": 1,
      "id": "my-chip",
      "name": "My chip",
      "class": "edge",
      "family": "mine",
      "scope": "package",
      "engines": [
        {
          "id": "tensor", "unit": "npu", "kind": "matrix", "name": "Matrix engine",
          "rates": [
            {
              "input": "f16", "accumulate": "f32",
              "peak": { "value": "10 TFLOP/s", "basis": "vendor", "source": "sheet", "verified": true }
            }
          ]
        }
      ],
      "memory": [
        {
          "id": "dram", "kind": "dram", "name": "Main memory",
          "capacity": { "value": "32 GiB", "basis": "vendor", "source": "sheet", "verified": true },
          "bandwidth": { "value": "100 GB/s", "basis": "vendor", "source": "sheet", "verified": true }
        }
      ],
      "sources": { "sheet": { "title": "A data sheet", "tier": "vendor" } }
    }

    """

  static let model = """
    {
      "schema": 1,
      "id": "my-model",
      "name": "My model",
      "family": "mine",
      "kind": "decoder",
      "hidden_size": 256,
      "vocabulary": 1000,
      "tied_embeddings": true,
      "max_context": 4096,
      "published_format": "f16",
      "norm": "rmsnorm",
      "final_norm": true,
      "embedding_norm": false,
      "position": "rotary",
      "blocks": {
        "global": {
          "attention": {
            "heads": 4, "kv_heads": 2, "head_size": 64,
            "qkv_bias": false, "output_bias": false, "qk_norm": "none"
          },
          "feed_forward": { "size": 1024, "gated": true, "activation": "silu", "bias": false },
          "norms": 2
        }
      },
      "layers": [{ "repeat": 2, "blocks": ["global"] }],
      "source": "made up for a test",
      "verified": true
    }

    """

  static let study = """
    {
      "schema": 1,
      "question": "What does a test ask?",
      "model": ["my-model.json"],
      "chip": ["my-chip.json"],
      "weights": ["f16", "q8_0"],
      "context": "1k..4k",
      "phase": ["prefill", "decode"],
      "baseline": { "weights": "f16" }
    }

    """

  /// The shipped profile of a runtime, under a name of the user's own.
  static func runtime() throws -> String {
    try shipped("HardwareProfiles/runtimes/ideal.json").replacing("\"ideal\"", with: "\"mine\"")
  }

  /// A file of the repository.
  static func shipped(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
  }

  /// A folder that holds all of them.
  static func workplace() throws -> Workplace {
    try Workplace([
      "my-chip.json": chip, "my-model.json": model, "my-study.json": study,
      "my-runtime.json": runtime(),
    ])
  }
}
