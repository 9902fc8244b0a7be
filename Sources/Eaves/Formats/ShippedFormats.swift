/// Formats that are known by a name of their own.
///
/// Everything else is written as a group format.
public enum ShippedFormats {
  /// IEEE and brain floating point, 8-, 6- and 4-bit floating point, plain integers.
  static let plain: [NumberFormat] = [
    NumberFormat(name: "f64", blockBits: 64, multiply: .f64), .f32, .f16, .bf16,
    NumberFormat(name: "f8e4m3", blockBits: 8, expansion: .fp8, multiply: .f8),
    NumberFormat(name: "f8e5m2", blockBits: 8, expansion: .fp8, multiply: .f8),
    NumberFormat(name: "f6e3m2", blockBits: 6, expansion: .fp8, multiply: .f6),
    NumberFormat(name: "f4e2m1", blockBits: 4, expansion: .fp4, multiply: .f4),
    NumberFormat(name: "int8", blockBits: 8, expansion: .q8, multiply: .i8),
    NumberFormat(name: "int4", blockBits: 4, expansion: .int4, multiply: .i4),
    NumberFormat(name: "int3", blockBits: 3, expansion: .int4, multiply: .i4),
    NumberFormat(name: "int2", blockBits: 2, expansion: .int4, multiply: .i4),
    NumberFormat(name: "binary", blockBits: 1, expansion: .ternary, multiply: .b1),
  ]

  /// OCP microscaling formats: blocks of 32 with one 8-bit scale; NVFP4: 64 with four 8-bit scales.
  ///
  /// Source: `ggml-common.h` of llama.cpp for the 4-bit ones; an E8M0 scale per 32 (OCP MX 1.0).
  static let microscaling: [NumberFormat] = [
    NumberFormat(
      name: "mxfp8", blockElements: 32, blockBits: 264, expansion: .fp8, multiply: .f8),
    NumberFormat(
      name: "mxfp6", blockElements: 32, blockBits: 200, expansion: .fp8, multiply: .f6),
    NumberFormat(
      name: "mxfp4", blockElements: 32, blockBits: 136, expansion: .fp4, multiply: .f4),
    NumberFormat(
      name: "nvfp4", blockElements: 64, blockBits: 288, expansion: .fp4, multiply: .f4),
  ]

  /// NormalFloat: 4 bits, blocks of 64 with a 32-bit scale; double-quantised: 8-bit scales with one
  /// 32-bit scale for 256 of them (QLoRA, section 3): 4.5 and 4.127 bits.
  static let normalFloat: [NumberFormat] = [
    NumberFormat(
      name: "nf4", blockElements: 64, blockBits: 4 * 64 + 32, expansion: .iq, multiply: .f16),
    NumberFormat(
      name: "nf4-dq", blockElements: 64 * 256, blockBits: (4 * 64 + 8) * 256 + 32,
      expansion: .iq, multiply: .f16),
  ]

  /// Ternary weights: the information-theoretic size, two bits packed, five to a byte (BitNet b1.58).
  static let ternary: [NumberFormat] = [
    NumberFormat(
      name: "ternary-ideal", blockBits: 1.584_962_500_721_156, expansion: .ternary, multiply: .i8),
    NumberFormat(name: "ternary", blockBits: 2, expansion: .ternary, multiply: .i8),
    NumberFormat(
      name: "ternary-5", blockElements: 5, blockBits: 8, expansion: .ternary, multiply: .i8),
  ]

  /// Vectors of eight weights as one index of 16 bits into a codebook (AQLM 1×16, QuIP# E8P): two bits a weight.
  ///
  /// Codebooks and scales, shared by whole matrices, make them 2.02 in published models and are not counted.
  static let codebooks: [NumberFormat] = [
    NumberFormat(name: "aqlm", blockElements: 8, blockBits: 16, expansion: .iq, multiply: .f16),
    NumberFormat(
      name: "quip-sharp", blockElements: 8, blockBits: 16, expansion: .iq, multiply: .f16),
  ]

  /// Every named format, plain ones first.
  public static let all: [NumberFormat] =
    plain + microscaling + normalFloat + ternary + codebooks + GGMLFormats.all

  /// Spellings that mean a named format.
  static let synonyms: [String: String] = [
    "fp64": "f64", "fp32": "f32", "float32": "f32", "fp16": "f16", "half": "f16",
    "float16": "f16", "bfloat16": "bf16", "fp8": "f8e4m3", "f8": "f8e4m3", "e4m3": "f8e4m3",
    "e5m2": "f8e5m2", "fp4": "f4e2m1", "f4": "f4e2m1", "fp6": "f6e3m2", "f6": "f6e3m2",
    "i8": "int8", "i4": "int4", "i3": "int3", "i2": "int2", "b1": "binary", "1bit": "binary",
    "gptq-int4": "int4/128+f16+z4", "awq-int4": "int4/128+f16+z4", "gptq": "int4/128+f16+z4",
    "awq": "int4/128+f16+z4", "gptq-int3": "int3/128+f16+z3", "awq-int3": "int3/128+f16+z3",
    "ternary-2bit": "ternary", "bitnet": "ternary", "quip#": "quip-sharp",
  ]
}
