import Eaves
import Testing

@testable import EavesKernels

/// Blocks byte for byte as gguf-py and the reference of ggml write them.
@Suite struct BlockQuantiserTests {
  /// Bytes and their FNV-1a hash: `gguf.quants.quantize` of gguf-py 0.19.0, and for k-quants `quantize_row_*_ref` of
  /// ggml (compiled from `ggml-quants.c` without contraction of products and sums).
  static let expected: [(format: String, bytes: Int, hash: UInt64)] = [
    ("q4_0", 1152, 0x390F_7D72_FE8A_5179), ("q4_1", 1280, 0xCE30_BFDA_6586_BCD8),
    ("q5_0", 1408, 0xF17E_1931_1B3B_6F05), ("q5_1", 1536, 0x8E8A_C3AA_037B_1454),
    ("q8_0", 2176, 0x11EE_826D_6AB9_9911), ("tq1_0", 432, 0x8640_CCE9_64DD_F394),
    ("tq2_0", 528, 0x5817_9FF6_D395_091E), ("mxfp4", 1088, 0xC22B_AC84_48F9_5BE2),
    ("q2_k", 672, 0x3379_DD7D_71E2_A9BB), ("q3_k", 880, 0xD7E2_8284_0696_E9C5),
    ("q4_k", 1152, 0x71CA_84F7_BE11_486E), ("q5_k", 1408, 0xF77E_8C73_BC67_24DD),
    ("q6_k", 1680, 0x0F52_E27B_EBF6_A48D),
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

  /// What is read back is what the bytes say, and rounding what is rounded changes no level of simple blocks.
  @Test(arguments: ["q8_0", "q5_0", "q4_0", "mxfp4", "tq2_0", "q6_k", "q4_k"])
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
    ["q8_0", "q5_0", "q4_0"],
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
