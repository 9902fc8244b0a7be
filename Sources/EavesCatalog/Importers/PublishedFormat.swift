import Eaves

/// The formats that a configuration says its weights are stored in.
struct PublishedFormat {
  /// Of everything that is not in `groups`.
  var format: NumberFormat
  /// Of the tensors that are quantised.
  var groups: [TensorGroup: NumberFormat] = [:]
  /// Keys of `quantization_config` that nothing is known of.
  var unknownKeys: [String] = []

  init(reading config: ConfigReader, _ draft: ModelDraft) throws(DataError) {
    let quantised = try config.holder(of: "quantization_config").optionalObject(
      "quantization_config")
    let reader = try quantised.map { (object) throws(DataError) in
      try QuantizationReader(object)
    }
    format = try config.elementFormat(default: reader?.method.elementFormat ?? .f32)
    if let reader {
      groups = try reader.groups(draft)
      unknownKeys = reader.unknownKeys
    }
  }
}

extension ConfigReader {
  /// `dtype`, or `torch_dtype` as it was called before.
  func elementFormat(default standard: NumberFormat) throws(DataError) -> NumberFormat {
    for key in ["dtype", "torch_dtype"] {
      let reader = holder(of: key)
      guard let text = try reader.optionalString(key) else { continue }
      ignore("dtype", "torch_dtype")
      switch text.hasPrefix("torch.") ? String(text.dropFirst("torch.".count)) : text {
      case "bfloat16": return .bf16
      case "float16", "half": return .f16
      case "float32", "float": return .f32
      default:
        throw reader.error(
          at: key, "the format \(quoted(text)) cannot be imported",
          remedy: "bfloat16, float16 and float32 can")
      }
    }
    tookDefault("torch_dtype", standard.name)
    return standard
  }
}
