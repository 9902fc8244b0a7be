import Eaves

/// The types of tensors of ggml, by their numbers in a file.
///
/// Source: `ggml_type` in `ggml/include/ggml.h` of ggml-org/llama.cpp, and `GGMLQuantizationType` of `gguf-py`.
enum GGUFType {
  /// The name, the elements of a block and its bytes; nil for a number that none has.
  static func named(_ number: UInt32) -> (
    name: String, elements: Int, bytes: Int, format: NumberFormat?
  )? {
    if let (name, bytes) = plain[number] {
      return (name, 1, bytes, try? NumberFormat(parsing: name))
    }
    guard let name = blocks[number], let format = try? NumberFormat(parsing: name) else {
      return nil
    }
    return (name, format.blockElements, Int(format.blockBits) / 8, format)
  }

  private static let plain: [UInt32: (name: String, bytes: Int)] = [
    0: ("f32", 4), 1: ("f16", 2), 30: ("bf16", 2), 28: ("f64", 8), 24: ("i8", 1), 25: ("i16", 2),
    26: ("i32", 4), 27: ("i64", 8),
  ]

  private static let blocks: [UInt32: String] = [
    2: "q4_0", 3: "q4_1", 6: "q5_0", 7: "q5_1", 8: "q8_0", 9: "q8_1", 10: "q2_k", 11: "q3_k",
    12: "q4_k", 13: "q5_k", 14: "q6_k", 15: "q8_k", 16: "iq2_xxs", 17: "iq2_xs", 18: "iq3_xxs",
    19: "iq1_s", 20: "iq4_nl", 21: "iq3_s", 22: "iq2_s", 23: "iq4_xs", 29: "iq1_m", 34: "tq1_0",
    35: "tq2_0", 39: "mxfp4", 40: "nvfp4", 41: "q1_0",
    // Interleaved rows of the same blocks, in files of some months of 2024.
    31: "q4_0", 32: "q4_0", 33: "q4_0", 36: "iq4_nl", 37: "iq4_nl", 38: "iq4_nl",
  ]

  /// What `general.file_type` says of a file, where it says something.
  ///
  /// Source: `llama_ftype` in `include/llama.h` of ggml-org/llama.cpp.
  static func fileType(_ number: Int) -> String? { fileTypes[number] }

  private static let fileTypes: [Int: String] = [
    0: "f32", 1: "f16", 2: "q4_0", 3: "q4_1", 7: "q8_0", 8: "q5_0", 9: "q5_1", 10: "q2_k",
    11: "q3_k_s", 12: "q3_k_m", 13: "q3_k_l", 14: "q4_k_s", 15: "q4_k_m", 16: "q5_k_s",
    17: "q5_k_m", 18: "q6_k", 19: "iq2_xxs", 20: "iq2_xs", 21: "q2_k_s", 22: "iq3_xs",
    23: "iq3_xxs", 24: "iq1_s", 25: "iq4_nl", 26: "iq3_s", 27: "iq3_m", 28: "iq2_s", 29: "iq2_m",
    30: "iq4_xs", 31: "iq1_m", 32: "bf16", 36: "tq1_0", 37: "tq2_0", 38: "mxfp4_moe", 39: "nvfp4",
    40: "q1_0",
  ]
}
