import Eaves
import Testing

@testable import EavesBlocks

/// Blocks byte for byte as gguf-py and the reference of ggml write them.
@Suite struct BlockQuantiserTests {
  /// Bytes and their FNV-1a hash: `gguf.quants.quantize` of gguf-py 0.19.0, for k-quants `quantize_row_*_ref` of ggml and
  /// for IQ4 `quantize_iq4_nl` and `quantize_iq4_xs` (a C program written after `ggml-quants.c`, compiled without
  /// contraction of products and sums); for NVFP4 the scales of gguf-py (`fp32_to_ue4m3`) and the nearest level by its table.
  static let expected: [(format: String, bytes: Int, hash: UInt64)] = [
    ("q4_0", 1152, 0x390F_7D72_FE8A_5179), ("q4_1", 1280, 0xCE30_BFDA_6586_BCD8),
    ("q5_0", 1408, 0xF17E_1931_1B3B_6F05), ("q5_1", 1536, 0x8E8A_C3AA_037B_1454),
    ("q8_0", 2176, 0x11EE_826D_6AB9_9911), ("tq1_0", 432, 0x8640_CCE9_64DD_F394),
    ("tq2_0", 528, 0x5817_9FF6_D395_091E), ("mxfp4", 1088, 0xC22B_AC84_48F9_5BE2),
    ("q2_k", 672, 0x3379_DD7D_71E2_A9BB), ("q3_k", 880, 0xD7E2_8284_0696_E9C5),
    ("q4_k", 1152, 0x71CA_84F7_BE11_486E), ("q5_k", 1408, 0xF77E_8C73_BC67_24DD),
    ("q6_k", 1680, 0x0F52_E27B_EBF6_A48D), ("iq4_nl", 1152, 0x8D2E_2093_60A7_323F),
    ("iq4_xs", 1088, 0x6D58_306B_6FC8_1ED3), ("nvfp4", 1152, 0x4D98_E639_8C94_665A),
  ]

  /// Eight blocks: uniform, heavy tails, groups of nothing, one sign, zero, an outlier, ties, all equal.
  static let values: [Float] = {
    var generator = SplitMix64(seed: 11)
    var x = (0..<2048).map { _ in generator.uniform() }
    for index in 256..<512 { x[index] = x[index] * x[index] * x[index] }
    for index in 512..<600 { x[index] = 0 }
    for index in 768..<1024 { x[index] = x[index].magnitude + 0.5 }
    for index in 1024..<1280 { x[index] = 0 }
    for index in 1280..<1536 { x[index] *= 1e-3 }
    x[1300] = 2
    for index in 1536..<1792 { x[index] = (x[index] * 4).rounded(.toNearestOrEven) / 4 }
    for index in 1792..<2048 { x[index] = -0.25 }
    return x
  }()

  private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  @Test func theInputIsThatOfTheOracle() {
    let bytes = Self.values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
    }
    #expect(Self.hash(bytes) == 0x8239_3CA0_CB9D_2B4A)
  }

  @Test(arguments: expected.indices)
  func bytesAreThoseOfTheReference(index: Int) throws {
    let expected = Self.expected[index]
    let quantiser = try #require(BlockQuantiser(try NumberFormat(parsing: expected.format)))
    let bytes = quantiser.bytes(of: Self.values)
    #expect(bytes.count == expected.bytes)
    #expect(Self.hash(bytes) == expected.hash, "\(expected.format)")
  }

  /// Scales of NVFP4 by `fp32_to_ue4m3` of gguf-py 0.19.0: halves up, small ones in steps of 2⁻⁹, and from 248 on the
  /// greatest.
  @Test(arguments: [
    (Float(0), UInt8(0)), (1e-9, 0), (0x1p-10, 1), (0x1p-9, 1), (0.01, 5), (0.015624, 7),
    (0.0156251, 8), (0.02, 10), (0.1, 29), (0.3, 42), (1, 56), (1.03124, 56), (1.0625, 57),
    (1.9, 63), (7.77, 80), (100, 109), (239, 119), (247.9, 119), (248, 126), (256, 126), (448, 126),
    (1e9, 126), (.nan, 0), (.infinity, 126), (-1, 0),
  ])
  func scalesInE4M3(value: Float, code: UInt8) { #expect(SmallBlocks.e4m3(value) == code) }

  /// IQ4 tries many scales, and none of them leaves a larger error than the plain one.
  @Test func aSearchedScaleIsNoWorse() throws {
    let iq4 = try #require(BlockQuantiser(try NumberFormat(parsing: "iq4_nl")))
    for start in stride(from: 0, to: 512, by: 32) {
      let block = Array(Self.values[start..<start + 32])
      var extreme: Float = 0
      for value in block where value.magnitude > extreme.magnitude { extreme = value }
      // The weighted error with the value of the largest magnitude at the first level, −127.
      func error(_ rounded: [Float]) -> Float {
        zip(block, rounded).reduce(0) { $0 + $1.0 * $1.0 * ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let scale = HalfFloat.rounded(extreme / -127)
      let plain = block.map { value in
        BlockBytes.nonLinear.map { $0 * scale }.min {
          ($0 - value).magnitude < ($1 - value).magnitude
        } ?? 0
      }
      #expect(error(iq4.rounded(block)) <= error(plain) * 1.01, "block \(start / 32)")
    }
  }

  /// What is read back is what the bytes say, and rounding what is rounded changes no level of simple blocks.
  @Test(arguments: [
    "q8_0", "q5_0", "q4_0", "mxfp4", "nvfp4", "iq4_nl", "iq4_xs", "tq2_0", "q6_k", "q4_k",
  ])
  func roundedIsReadBack(format: String) throws {
    let quantiser = try #require(BlockQuantiser(try NumberFormat(parsing: format)))
    let bytes = quantiser.bytes(of: Self.values)
    let size = quantiser.layout.size
    let rounded = quantiser.rounded(Self.values)
    for index in stride(from: 0, to: Self.values.count, by: 97) {
      let start = index / size.elements * size.bytes
      let element = quantiser.layout.element(
        index % size.elements, of: bytes[start..<start + size.bytes])
      #expect(rounded[index] == element)
    }
  }

  /// More bits, less error, on every kind of block that has an error at all.
  @Test(arguments: [
    ["q8_0", "q6_k", "q5_k", "q4_k", "q3_k", "q2_k"], ["q8_0", "q5_1", "q4_1"],
    ["q8_0", "q5_0", "q4_0"], ["q8_0", "q5_0", "iq4_nl", "q4_0"], ["iq4_nl", "mxfp4"],
    ["iq4_xs", "q3_k"], ["nvfp4", "mxfp4"],
  ])
  func errorsGrowAsBitsFall(formats: [String]) throws {
    let errors = try formats.map { name in
      let quantiser = try #require(BlockQuantiser(try NumberFormat(parsing: name)))
      return WeightError(
        of: Array(Self.values[..<512]), columns: 256, by: quantiser, activations: []
      ).weightRatio
    }
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 < $1 }, "\(errors)")
  }
}
