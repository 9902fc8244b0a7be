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

  /// NF4 of bitsandbytes: two weights a byte, a scale for 64 of them quantised once more, and code books.
  @Test func nf4() throws {
    let entries = Self.entries { name, rows, columns in
      let (blocks, weights) = (rows * columns / 64, "\(name).weight")
      return [
        Entry(
          name: weights, type: "U8", shape: [rows * columns / 2, 1], bytes: rows * columns / 2),
        Entry(name: "\(weights).absmax", type: "U8", shape: [blocks], bytes: blocks),
        Entry(name: "\(weights).quant_map", type: "F32", shape: [16], bytes: 64),
        Entry(
          name: "\(weights).nested_absmax", type: "F32", shape: [blocks / 256 + 1],
          bytes: 4 * (blocks / 256 + 1)),
        Entry(name: "\(weights).nested_quant_map", type: "F32", shape: [256], bytes: 1024),
        Entry(name: "\(weights).quant_state.bitsandbytes__nf4", type: "U8", shape: [80], bytes: 80),
      ]
    }
    let (model, bytes) = try model(
      entries,
      """
      {"quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_quant_type": "nf4",
       "bnb_4bit_use_double_quant": true}
      """)
    #expect(model.stored?.account.weightBytes == bytes)
    #expect(CompiledModel(model, Settings()).inventory.weightBytes.value == Double(bytes))
    #expect(model.stored?.account.otherBytes == 0)
  }

  /// compressed-tensors: words of eight weights with scales in bf16, or NVFP4 with scales in FP8.
  @Test(arguments: [true, false])
  func compressedTensors(isFloat: Bool) throws {
    let entries = Self.entries { name, rows, columns in
      let group = isFloat ? 16 : 128
      let scales = rows * columns / group
      return [
        Entry(
          name: "\(name).weight_packed", type: isFloat ? "U8" : "I32",
          shape: [rows, columns / (isFloat ? 2 : 8)], bytes: rows * columns / 2),
        Entry(
          name: "\(name).weight_scale", type: isFloat ? "F8_E4M3" : "BF16",
          shape: [rows, columns / group], bytes: scales * (isFloat ? 1 : 2)),
      ]
        + (isFloat
          ? [Entry(name: "\(name).weight_global_scale", type: "F32", shape: [1], bytes: 4)]
          : [Entry(name: "\(name).weight_shape", type: "I64", shape: [2], bytes: 16)])
    }
    let weights =
      isFloat
      ? "\"num_bits\": 4, \"type\": \"float\", \"strategy\": \"tensor_group\", \"group_size\": 16"
      : "\"num_bits\": 4, \"type\": \"int\", \"strategy\": \"group\", \"group_size\": 128"
    let (model, bytes) = try model(
      entries,
      """
      {"quant_method": "compressed-tensors", "format": "pack-quantized", "ignore": ["lm_head"],
       "config_groups": {"group_0": {"targets": ["Linear"], "weights": {\(weights)}}}}
      """)
    #expect(model.stored?.account.weightBytes == bytes)
    #expect(CompiledModel(model, Settings()).inventory.weightBytes.value == Double(bytes))
    #expect(model.stored?.name.hasPrefix(isFloat ? "nvfp4" : "int4/128") == true)
  }

  /// AWQ: the same words as GPTQ along the other side, without an index.
  @Test func awq() throws {
    let entries = Self.entries { name, rows, columns in
      let groups = columns / 64
      return [
        Entry(
          name: "\(name).qweight", type: "I32", shape: [columns, rows / 8],
          bytes: rows * columns / 2),
        Entry(
          name: "\(name).qzeros", type: "I32", shape: [groups, rows / 8], bytes: groups * rows / 2),
        Entry(
          name: "\(name).scales", type: "F16", shape: [groups, rows], bytes: groups * rows * 2),
      ]
    }
    let (model, bytes) = try model(
      entries, "{\"quant_method\": \"awq\", \"bits\": 4, \"group_size\": 64, \"zero_point\": true}")
    #expect(model.stored?.account.weightBytes == bytes)
    #expect(CompiledModel(model, Settings()).inventory.weightBytes.value == Double(bytes))
  }

  /// The experts of gpt-oss: blocks and scales of gate and up in one tensor, biases in bf16, and sinks.
  @Test func expertsInMXFP4() throws {
    let (width, inner, experts) = (64, 32, 2)
    var entries: [Entry] = []
    func plain(_ name: String, _ shape: [Int]) {
      entries.append(
        Entry(name: name, type: "BF16", shape: shape, bytes: 2 * shape.reduce(1, *)))
    }
    plain("model.embed_tokens.weight", [40, width])
    plain("lm_head.weight", [40, width])
    plain("model.norm.weight", [width])
    let place = "model.layers.0."
    for name in ["input_layernorm", "post_attention_layernorm"] {
      plain(place + name + ".weight", [width])
    }
    for (name, rows) in [("q", 64), ("k", 32), ("v", 32), ("o", 64)] {
      plain(place + "self_attn.\(name)_proj.weight", [rows, width])
      plain(place + "self_attn.\(name)_proj.bias", [rows])
    }
    plain(place + "self_attn.sinks", [2])
    plain(place + "mlp.router.weight", [experts, width])
    plain(place + "mlp.router.bias", [experts])
    for (name, rows, columns) in [("gate_up_proj", 2 * inner, width), ("down_proj", width, inner)] {
      let groups = experts * rows * columns / 32
      entries.append(
        Entry(
          name: place + "mlp.experts.\(name)_blocks", type: "U8",
          shape: [experts, rows, columns / 32, 16], bytes: 16 * groups))
      entries.append(
        Entry(
          name: place + "mlp.experts.\(name)_scales", type: "U8",
          shape: [experts, rows, columns / 32], bytes: groups))
      plain(place + "mlp.experts.\(name)_bias", [experts, rows])
    }
    let folder = TemporaryFolder()
    folder.write(
      """
      {"model_type": "gpt_oss", "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2,
       "num_key_value_heads": 1, "head_dim": 32, "intermediate_size": 32, "num_local_experts": 2,
       "num_experts_per_tok": 1, "vocab_size": 40, "max_position_embeddings": 512, "sliding_window": 128,
       "layer_types": ["full_attention"], "torch_dtype": "bfloat16", "quantization_config":
       {"quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn", "lm_head"]}}
      """.utf8, to: "config.json")
    let path = folder.write(Self.file(entries), to: "model.safetensors")
    let model = try Catalog.shipped.model(named: path).value
    let bytes = entries.reduce(0) { $0 + $1.bytes }
    #expect(model.stored?.account.weightBytes == bytes)
    #expect(CompiledModel(model, Settings()).inventory.weightBytes.value == Double(bytes))
  }

  /// DeepSeek-V3 in FP8: latent matrices with their scales, routers and their biases as they are, and a layer that
  /// predicts a further token beside the model.
  @Test func latentAttentionAndExpertsInFP8() throws {
    var entries = [
      Entry(name: "model.embed_tokens.weight", type: "BF16", shape: [64, 256], bytes: 32_768),
      Entry(name: "lm_head.weight", type: "BF16", shape: [64, 256], bytes: 32_768),
      Entry(name: "model.norm.weight", type: "BF16", shape: [256], bytes: 512),
    ]
    func matrix(_ name: String, _ rows: Int, _ columns: Int) {
      let shape = [(rows + 127) / 128, (columns + 127) / 128]
      entries.append(
        Entry(
          name: "\(name).weight", type: "F8_E4M3", shape: [rows, columns], bytes: rows * columns))
      entries.append(
        Entry(
          name: "\(name).weight_scale_inv", type: "F32", shape: shape,
          bytes: 4 * shape[0] * shape[1]))
    }
    func norm(_ name: String, _ width: Int) {
      entries.append(
        Entry(name: "\(name).weight", type: "BF16", shape: [width], bytes: 2 * width))
    }
    var further = 0
    for layer in 0..<3 {
      let before = entries.count
      let place = "model.layers.\(layer)."
      norm(place + "input_layernorm", 256)
      norm(place + "post_attention_layernorm", 256)
      matrix(place + "self_attn.q_a_proj", 128, 256)
      norm(place + "self_attn.q_a_layernorm", 128)
      matrix(place + "self_attn.q_b_proj", 4 * 96, 128)
      matrix(place + "self_attn.kv_a_proj_with_mqa", 128 + 32, 256)
      norm(place + "self_attn.kv_a_layernorm", 128)
      matrix(place + "self_attn.kv_b_proj", 4 * 128, 128)
      matrix(place + "self_attn.o_proj", 256, 256)
      if layer == 0 {
        for (name, rows, columns) in [("gate", 512, 256), ("up", 512, 256), ("down", 256, 512)] {
          matrix(place + "mlp.\(name)_proj", rows, columns)
        }
      } else {
        entries.append(
          Entry(name: place + "mlp.gate.weight", type: "BF16", shape: [4, 256], bytes: 2048))
        entries.append(
          Entry(
            name: place + "mlp.gate.e_score_correction_bias", type: "F32", shape: [4], bytes: 16))
        for part in ["experts.0", "experts.1", "experts.2", "experts.3", "shared_experts"] {
          for (name, rows, columns) in [("gate", 128, 256), ("up", 128, 256), ("down", 256, 128)] {
            matrix(place + "mlp.\(part).\(name)_proj", rows, columns)
          }
        }
      }
      if layer == 2 {
        matrix(place + "eh_proj", 256, 512)
        further = entries[before...].reduce(0) { $0 + $1.bytes }
      }
    }
    let folder = TemporaryFolder()
    folder.write(
      """
      {"model_type": "deepseek_v3", "hidden_size": 256, "num_hidden_layers": 2, "num_attention_heads": 4,
       "q_lora_rank": 128, "kv_lora_rank": 128, "qk_rope_head_dim": 32, "qk_nope_head_dim": 64, "v_head_dim": 64,
       "intermediate_size": 512, "moe_intermediate_size": 128, "n_routed_experts": 4, "num_experts_per_tok": 2,
       "n_shared_experts": 1, "first_k_dense_replace": 1, "vocab_size": 64, "max_position_embeddings": 512,
       "num_nextn_predict_layers": 1, "torch_dtype": "bfloat16", "quantization_config":
       {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128], "activation_scheme": "dynamic"}}
      """.utf8, to: "config.json")
    let path = folder.write(Self.file(entries), to: "model.safetensors")
    let model = try Catalog.shipped.model(named: path).value
    let bytes = entries.reduce(0) { $0 + $1.bytes }
    let account = try #require(model.stored?.account)
    #expect(account.weightBytes + account.otherBytes == bytes)
    #expect(account.otherBytes == further)
    #expect(
      CompiledModel(model, Settings()).inventory.weightBytes.value == Double(account.weightBytes))
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
