import Eaves

/// Reads `quantization_config`: which weights are stored in which format.
struct QuantizationReader {
  /// The methods whose storage is known.
  enum Method: String, CaseIterable {
    case gptq, awq, bitsandbytes, fp8, mxfp4, modelopt
    case fbgemm = "fbgemm_fp8"
    case compressedTensors = "compressed-tensors"

    /// The format of what stays unquantised, where no `torch_dtype` says it.
    var elementFormat: NumberFormat {
      switch self {
      case .gptq, .awq, .bitsandbytes: .f16
      case .fp8, .mxfp4, .modelopt, .fbgemm, .compressedTensors: .bf16
      }
    }
  }

  let method: Method
  private let object: ObjectReader

  init(_ object: ObjectReader) throws(DataError) {
    self.object = object
    // Files of older versions of bitsandbytes do not name the method.
    if !object.has("quant_method"), object.has("load_in_4bit") || object.has("load_in_8bit") {
      method = .bitsandbytes
      return
    }
    let name = try object.string("quant_method")
    guard let method = Method(rawValue: name) else {
      throw object.error(
        at: "quant_method", "weights quantised by \(quoted(name)) cannot be imported",
        remedy: "\(Method.allCases.map(\.rawValue).joined(separator: ", ")) can")
    }
    self.method = method
  }

  /// The format of each group of tensors that is quantised.
  func groups(_ draft: ModelDraft) throws(DataError) -> [TensorGroup: NumberFormat] {
    let format =
      switch method {
      case .gptq: try gptq(draft)
      case .awq: try awq(draft)
      case .bitsandbytes: try bitsAndBytes(draft)
      case .fp8: try fp8()
      case .mxfp4: try parsed("mxfp4", at: "quant_method")
      case .fbgemm: try parsed("f8e4m3", at: "quant_method")
      case .modelopt: try modelOptimizer()
      case .compressedTensors: try compressedTensors(draft)
      }
    let skipsAttention = try readSkipped()
    guard method != .mxfp4 else {
      guard draft.experts != nil else {
        throw object.error(
          at: "quant_method", "only experts are stored in mxfp4, and the model has none",
          remedy: "remove \"quantization_config\"")
      }
      return [.experts: format]
    }
    var groups: [TensorGroup: NumberFormat] = [.feedForward: format]
    if draft.experts != nil { groups[.experts] = format }
    if !skipsAttention { groups[.attention] = format }
    if try object.boolean("lm_head", default: false) { groups[.head] = format }
    return groups
  }

  private func gptq(_ draft: ModelDraft) throws(DataError) -> NumberFormat {
    for key in ["dynamic", "modules_in_block_to_quantize"] {
      guard let node = object.node(key), !ConfigKeys.isOff(node) else { continue }
      throw object.error(
        at: key, "formats of single modules cannot be imported",
        remedy: "choose a file with one format")
    }
    let bits = try object.integer("bits", in: 2...8)
    return try parsed("int\(bits)/\(try groupSize(draft))+f16+z\(bits)", at: "bits")
  }

  private func awq(_ draft: ModelDraft) throws(DataError) -> NumberFormat {
    let key = object.has("w_bit") ? "w_bit" : "bits"
    let bits = try object.integer(key, in: 2...8)
    let zero = try object.boolean("zero_point", default: true) ? "+z\(bits)" : ""
    return try parsed("int\(bits)/\(try groupSize(draft))+f16\(zero)", at: key)
  }

  /// −1 is one group a row; rows of the model's width stand for all of them.
  private func groupSize(_ draft: ModelDraft) throws(DataError) -> Int {
    let key = object.has("q_group_size") ? "q_group_size" : "group_size"
    let size = try object.optionalInteger(key, in: -1...65536) ?? 128
    guard size != 0 else {
      throw object.error(at: key, "found the number 0", remedy: "write -1 or 1 to 65536")
    }
    return size < 0 ? min(draft.hiddenSize, 65536) : size
  }

  private func bitsAndBytes(_ draft: ModelDraft) throws(DataError) -> NumberFormat {
    if try object.boolean("load_in_8bit", default: false) {
      return try parsed("int8/\(min(draft.hiddenSize, 65536))+f32", at: "load_in_8bit")
    }
    guard try object.boolean("load_in_4bit", default: false) else {
      throw object.error(
        "neither \"load_in_4bit\" nor \"load_in_8bit\" is set", remedy: "set one of them")
    }
    let isDouble = try object.boolean("bnb_4bit_use_double_quant", default: false)
    let type = try object.optionalString("bnb_4bit_quant_type") ?? "fp4"
    switch type {
    case "nf4": return try parsed(isDouble ? "nf4-dq" : "nf4", at: "bnb_4bit_quant_type")
    case "fp4" where !isDouble: return try parsed("fp4/64+f32", at: "bnb_4bit_quant_type")
    default:
      throw object.error(
        at: "bnb_4bit_quant_type",
        "\(quoted(type))\(isDouble ? " with double quantisation" : "") cannot be imported",
        remedy: "nf4, and fp4 without double quantisation, can")
    }
  }

  private func fp8() throws(DataError) -> NumberFormat {
    if let format = try object.optionalString("fmt"), format != "e4m3" {
      throw object.error(
        at: "fmt", "\(quoted(format)) cannot be imported", remedy: "e4m3 can")
    }
    let block = try object.integers("weight_block_size", in: 1...65536)
    guard !block.isEmpty else { return try parsed("f8e4m3", at: "quant_method") }
    return try parsed(
      "f8e4m3/\(block.map(String.init).joined(separator: "x"))+f32", at: "weight_block_size")
  }

  /// NVIDIA's Model Optimizer: one algorithm for all linear layers.
  private func modelOptimizer() throws(DataError) -> NumberFormat {
    switch try object.string("quant_algo") {
    case "NVFP4": return try parsed("nvfp4", at: "quant_algo")
    case "FP8": return try parsed("f8e4m3", at: "quant_algo")
    case let other:
      throw object.error(
        at: "quant_algo", "\(quoted(other)) cannot be imported", remedy: "NVFP4 and FP8 can")
    }
  }

  /// One group of linear layers, with whole numbers or floating point in groups, channels, blocks or whole tensors.
  private func compressedTensors(_ draft: ModelDraft) throws(DataError) -> NumberFormat {
    let groups = try object.object("config_groups")
    guard groups.keys.count == 1, let key = groups.keys.first else {
      throw object.error(
        at: "config_groups",
        "has \(groups.keys.count) groups, and formats of single modules "
          + "cannot be imported", remedy: "choose a file with one format")
    }
    let weights = try groups.object(key).object("weights")
    let bits = try weights.integer("num_bits", in: 2...8)
    let strategy = try weights.optionalString("strategy") ?? "tensor"
    let isFloat = try weights.optionalString("type") == "float"
    let group = try weights.optionalInteger("group_size", in: -1...65536) ?? -1
    func wrong() -> DataError {
      weights.error(
        at: "strategy", "\(quoted(strategy)) of \(bits) bits cannot be imported",
        remedy: "whole numbers and 8-bit floating point can, and 4-bit in groups of 16 or 32")
    }
    let text: String
    switch (isFloat, bits, strategy) {
    case (true, 8, "block"):
      let block = try weights.integers("block_structure", in: 1...65536)
      text = block.count == 2 ? "f8e4m3/\(block[0])x\(block[1])+f32" : "f8e4m3"
    case (true, 8, "tensor"), (true, 8, "channel"): text = "f8e4m3"
    case (true, 4, "tensor_group"), (true, 4, "group"):
      guard group == 16 || group == 32 else { throw wrong() }
      text = group == 16 ? "nvfp4" : "mxfp4"
    case (false, _, "group") where group > 0:
      let isSymmetric = try weights.boolean("symmetric", default: true)
      text = "int\(bits)/\(group)+f16" + (isSymmetric ? "" : "+z\(bits)")
    case (false, _, "channel"), (false, _, "tensor"), (false, _, "group"):
      text = "int\(bits)/\(min(draft.hiddenSize, 65536))+f16"
    default: throw wrong()
    }
    return try parsed(text, at: "config_groups")
  }

  private func parsed(_ text: String, at key: String) throws(DataError) -> NumberFormat {
    do {
      return try NumberFormat(parsing: text)
    } catch {
      throw object.error(at: key, error.problem, remedy: error.remedy)
    }
  }

  /// Reads the modules that stay as they are; whether attention is among them.
  ///
  /// Heads, embeddings, norms, routers and the parts for pictures are never quantised here; anything else
  /// that is named for single layers would be counted wrongly.
  private func readSkipped() throws(DataError) -> Bool {
    var skipsAttention = false
    let lists = [
      "modules_to_not_convert", "llm_int8_skip_modules", "ignored_layers", "ignore",
      "exclude_modules",
    ]
    for key in lists {
      for name in try object.strings(key) {
        let parts = name.split(separator: ".")
        // An expression may end a line: "re:.*mlp.gate$".
        let ending = parts.last.map(String.init) ?? name
        let last = ending.hasSuffix("$") ? String(ending.dropLast()) : ending
        if ["self_attn", "attn", "attention"].contains(last), !parts.contains(where: isNumber) {
          skipsAttention = true
        } else if !Self.neverQuantised.contains(where: { name.contains($0) }),
          !["gate", "shared_expert_gate", "score", "classifier"].contains(last)
        {
          throw object.error(
            at: key, "leaving out \(quoted(name)) cannot be imported",
            remedy: "heads, embeddings, norms, routers and the whole attention may be left out")
        }
      }
    }
    return skipsAttention
  }

  /// Keys that are read by no method and are not known to leave the storage as it is.
  var unknownKeys: [String] {
    let prefixes = ["bnb_4bit_", "llm_int8_", "_load_in_"]
    return object.keys.filter { key in
      !Self.known.contains(key) && !prefixes.contains { key.hasPrefix($0) }
    }.map { "quantization_config.\($0)" }
  }

  private static let known: Set<String> = [
    "activation_scale_ub", "activation_scheme", "backend", "batch_size", "bits",
    "block_name_to_quantize",
    "cache_block_outputs", "checkpoint_format", "config_groups", "damp_auto_increment",
    "damp_percent", "dataset",
    "desc_act", "disable_exllama", "do_fuse", "dynamic", "exclude_modules", "exllama_config", "fmt",
    "format",
    "fuse_max_seq_len", "global_compression_ratio", "group_size", "ignore", "ignored_layers",
    "is_marlin_format", "kv_cache_quant_algo", "kv_cache_scheme", "lm_head",
    "load_in_4bit", "load_in_8bit", "max_input_length", "meta", "model_file_base_name",
    "model_name_or_path", "model_seqlen", "module_name_preceding_first_block",
    "modules_in_block_to_quantize", "modules_to_fuse", "modules_to_not_convert", "pack_dtype",
    "pad_token_id", "producer", "q_group_size", "quant_algo", "quant_method", "quantization_status",
    "quantizer", "sparsity_config", "static_groups", "sym",
    "tokenizer", "transform_config", "true_sequential", "use_cuda_fp16", "use_exllama", "version",
    "w_bit",
    "weight_block_size", "zero_point",
  ]

  private func isNumber(_ part: Substring) -> Bool { Int(part) != nil }

  private static let neverQuantised = [
    "lm_head", "embed", "norm", "router", "vision", "visual", "multi_modal",
  ]
}
