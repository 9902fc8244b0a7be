/// The block formats of ggml: bytes a block over weights a block.
///
/// Source: `ggml/src/ggml-common.h` of ggml-org/llama.cpp (docs/method.md 2).
enum GGMLFormats {
  static let all: [NumberFormat] = [
    block("q1_0", 18, 128, .ternary), block("q2_0", 18, 64, .int4),
    block("q4_0", 18, 32, .int4), block("q4_1", 20, 32, .int4),
    block("q5_0", 22, 32, .int4), block("q5_1", 24, 32, .int4),
    block("q8_0", 34, 32, .q8), block("q8_1", 36, 32, .q8), block("q8_k", 292, 256, .q8),
    block("tq1_0", 54, 256, .ternary), block("tq2_0", 66, 256, .ternary),
    block("q2_k", 84, 256, .k), block("q3_k", 110, 256, .k), block("q4_k", 144, 256, .k),
    block("q5_k", 176, 256, .k), block("q6_k", 210, 256, .k),
    block("iq1_s", 50, 256, .iq), block("iq1_m", 56, 256, .iq),
    block("iq2_xxs", 66, 256, .iq), block("iq2_xs", 74, 256, .iq), block("iq2_s", 82, 256, .iq),
    block("iq3_xxs", 98, 256, .iq), block("iq3_s", 110, 256, .iq),
    block("iq4_nl", 18, 32, .iq), block("iq4_xs", 136, 256, .iq),
  ]

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// A ggml block format by its name, lower case.
  static func named(_ name: String) -> NumberFormat? { byName[name] }

  /// Whether a format is stored in ggml blocks.
  static func contains(_ format: NumberFormat) -> Bool { byName[format.name] != nil }

  /// The block format a tensor gets whose rows no block of `format` divides.
  ///
  /// llama.cpp falls back to a 32-element block for rows that are no multiple of 256, and to f16 where
  /// that does not divide either (`tensor_type_fallback` in `src/llama-quant.cpp` of ggml-org/llama.cpp).
  static func fallback(for format: NumberFormat, rowLength: Int) -> NumberFormat {
    if rowLength.isMultiple(of: format.blockElements) { return format }
    let stand: String
    switch format.name {
    case "q4_k": stand = "q5_0"
    case "q5_k": stand = "q5_1"
    case "q6_k", "q8_k": stand = "q8_0"
    case "q2_0", "q2_k", "q3_k", "tq1_0", "tq2_0": stand = "q4_0"
    default: stand = "iq4_nl"
    }
    guard let narrow = named(stand), rowLength.isMultiple(of: narrow.blockElements) else {
      return .f16
    }
    return narrow
  }

  private static func block(
    _ name: String, _ bytes: Int, _ elements: Int, _ expansion: NumberFormat.Expansion
  ) -> NumberFormat {
    NumberFormat(
      name: name, blockElements: elements, blockBits: Double(8 * bytes), expansion: expansion,
      multiply: .f16)
  }
}
