import Eaves
import Testing

/// Stored bits a weight of every published format (published figures).
@Suite struct BlockFormatTests {
  /// Bytes a block over weights a block, from `ggml/src/ggml-common.h` of ggml-org/llama.cpp.
  @Test(arguments: [
    ("q2_k", 2.625), ("q3_k", 3.4375), ("q4_k", 4.5), ("q5_k", 5.5), ("q6_k", 6.5625),
    ("q8_0", 8.5), ("q4_0", 4.5), ("q4_1", 5.0), ("q5_0", 5.5), ("q5_1", 6.0),
    ("iq1_s", 1.5625), ("iq1_m", 1.75), ("iq2_xxs", 2.0625), ("iq2_xs", 2.3125),
    ("iq2_s", 2.5625), ("iq3_xxs", 3.0625), ("iq3_s", 3.4375), ("iq4_xs", 4.25),
    ("iq4_nl", 4.5), ("tq1_0", 1.6875), ("tq2_0", 2.0625), ("mxfp4", 4.25), ("nvfp4", 4.5),
    ("q1_0", 1.125), ("q2_0", 2.25), ("q8_1", 9.0), ("q8_k", 9.125),
  ])
  func aBlockFormatHasExactlyItsPublishedBits(name: String, bits: Double) throws {
    let format = try NumberFormat(parsing: name)
    #expect(format.bitsPerElement == bits)
    #expect(format.bytesPerElement * 8 == bits)
  }

  /// Element bits plus scale and zero bits over the group (docs/method.md 2).
  @Test(arguments: [
    ("int4/128+f16+z4", 4.15625), ("int4/128+f16", 4.125), ("int4/64+f16+z4", 4.3125),
    ("int4/32+f16+z4", 4.625), ("int3/128+f16+z3", 3.1484375), ("nf4", 4.5),
    ("nf4-dq", 4.126953125), ("mxfp8", 8.25), ("mxfp6", 6.25), ("binary/128+f16", 1.125),
    ("ternary", 2), ("ternary-5", 1.6), ("f8e4m3/128x128+f32", 8 + 32.0 / 16384),
    ("gptq", 4.15625), ("awq", 4.15625), ("gptq-int3", 3.1484375),
  ])
  func aGroupFormatCountsItsScalesAndZeros(name: String, bits: Double) throws {
    #expect(try NumberFormat(parsing: name).bitsPerElement == bits)
  }

  /// log₂ 3, the information in one ternary weight.
  @Test func anIdealTernaryWeightHasTheLogarithmOfThree() throws {
    let format = try NumberFormat(parsing: "ternary-ideal")
    #expect(abs(format.bitsPerElement - 1.5849625) < 1e-7)
  }

  @Test(arguments: [
    ("f64", 64.0), ("f32", 32), ("f16", 16), ("bf16", 16), ("f8e4m3", 8), ("f8e5m2", 8),
    ("f6e3m2", 6), ("f4e2m1", 4), ("int8", 8), ("int4", 4), ("int3", 3), ("int2", 2), ("binary", 1),
  ])
  func aPlainFormatHasTheBitsOfItsName(name: String, bits: Double) throws {
    let format = try NumberFormat(parsing: name)
    #expect(format.bitsPerElement == bits)
    #expect(format.blockElements == 1)
  }
}
