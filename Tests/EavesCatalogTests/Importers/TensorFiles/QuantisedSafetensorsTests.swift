import Eaves
import EavesCatalog
import Quantities
import Testing

/// Safetensors of quantised models: what is packed into words counts by its bytes, scales and indices with it.
@Suite struct QuantisedSafetensorsTests {
  private struct Entry {
    var name: String
    var type: String
    var shape: [Int]
    var bytes: Int
  }

  /// A file of zeros with a header as the format has it.
  private static func file(_ entries: [Entry]) -> [UInt8] {
    var offset = 0
    var members: [String] = []
    for entry in entries {
      members.append(
        "\"\(entry.name)\": {\"dtype\": \"\(entry.type)\", \"shape\": \(entry.shape), "
          + "\"data_offsets\": [\(offset), \(offset + entry.bytes)]}")
      offset += entry.bytes
    }
    let header = Array("{\(members.joined(separator: ", "))}".utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + [UInt8](repeating: 0, count: offset)
  }

  private static let matrices: [(name: String, rows: Int, columns: Int)] = [
    ("self_attn.q_proj", 256, 256), ("self_attn.k_proj", 128, 256), ("self_attn.v_proj", 128, 256),
    ("self_attn.o_proj", 256, 256), ("mlp.gate_proj", 512, 256), ("mlp.up_proj", 512, 256),
    ("mlp.down_proj", 256, 512),
  ]

  private static func entries(
    _ matrix: (String, Int, Int) -> [Entry]
  ) -> [Entry] {
    var all = [
      Entry(name: "model.embed_tokens.weight", type: "F16", shape: [64, 256], bytes: 32_768),
      Entry(name: "model.norm.weight", type: "F16", shape: [256], bytes: 512),
    ]
    for name in ["input_layernorm", "post_attention_layernorm"] {
      all.append(
        Entry(name: "model.layers.0.\(name).weight", type: "F16", shape: [256], bytes: 512))
    }
    for (name, rows, columns) in matrices {
      all += matrix("model.layers.0.\(name)", rows, columns)
    }
    return all
  }

  private static func config(_ quantisation: String) -> String {
    """
    {"model_type": "llama", "hidden_size": 256, "num_hidden_layers": 1, "num_attention_heads": 4,
     "num_key_value_heads": 2, "intermediate_size": 512, "vocab_size": 64, "tie_word_embeddings": true,
     "max_position_embeddings": 512, "torch_dtype": "float16", "quantization_config": \(quantisation)}
    """
  }

  private func model(_ entries: [Entry], _ quantisation: String) throws -> (Model, Int) {
    let folder = TemporaryFolder()
    folder.write(Self.config(quantisation).utf8, to: "config.json")
    let path = folder.write(Self.file(entries), to: "model.safetensors")
    let model = try Catalog.shipped.model(named: path).value
    return (model, entries.reduce(0) { $0 + $1.bytes })
  }

  /// GPTQ: words of eight weights, zeros packed likewise, scales in f16, and an index for every input channel.
  @Test func gptq() throws {
    let entries = Self.entries { name, rows, columns in
      let groups = columns / 128
      return [
        Entry(
          name: "\(name).qweight", type: "I32", shape: [columns / 8, rows],
          bytes: rows * columns / 2),
        Entry(
          name: "\(name).qzeros", type: "I32", shape: [groups, rows / 8], bytes: groups * rows / 2),
        Entry(
          name: "\(name).scales", type: "F16", shape: [groups, rows], bytes: groups * rows * 2),
        Entry(name: "\(name).g_idx", type: "I32", shape: [columns], bytes: columns * 4),
      ]
    }
    let (model, bytes) = try model(
      entries, "{\"quant_method\": \"gptq\", \"bits\": 4, \"group_size\": 128, \"sym\": true}")
    #expect(model.stored?.account.weightBytes == bytes)
    #expect(CompiledModel(model, Settings()).inventory.weightBytes.value == Double(bytes))
    #expect(model.stored?.name == "int4/128+f16+z4+f16")
  }

  /// FP8 with one scale in f32 for blocks of 128 × 128.
  @Test func fp8() throws {
    let entries = Self.entries { name, rows, columns in
      let shape = [rows / 128, columns / 128]
      return [
        Entry(
          name: "\(name).weight", type: "F8_E4M3", shape: [rows, columns], bytes: rows * columns),
        Entry(
          name: "\(name).weight_scale_inv", type: "F32", shape: shape,
          bytes: 4 * shape[0] * shape[1]),
      ]
    }
    let (model, bytes) = try model(
      entries, "{\"quant_method\": \"fp8\", \"fmt\": \"e4m3\", \"weight_block_size\": [128, 128]}")
    #expect(model.stored?.account.weightBytes == bytes)
    #expect(CompiledModel(model, Settings()).inventory.weightBytes.value == Double(bytes))
  }

  /// Packed words without a configuration that explains them, or of another size, are refused.
  @Test func packedWordsThatNothingExplains() throws {
    func entries(_ share: Int) -> [Entry] {
      Self.entries { name, rows, columns in
        [
          Entry(
            name: "\(name).qweight", type: "I32", shape: [rows * columns / share / 4],
            bytes: rows * columns / share)
        ]
      }
    }
    #expect(throws: DataError.self) { try model(entries(2), "null") }
    #expect(throws: DataError.self) {
      try model(entries(1), "{\"quant_method\": \"gptq\", \"bits\": 4, \"group_size\": 128}")
    }
  }
}
