import Eaves
import Testing

@testable import EavesBlocks
@testable import EavesKernels

@Suite struct BlockLayoutTests {
  /// Σ |w| and Σ w·(i mod 97) of four blocks of seeded bytes, by `gguf.quants.dequantize` of gguf-py 0.19.0 (ggml-org):
  /// `SplitMix64(seed: 7)`, scales tamed as `BlockLayout.tamed` does.
  static let decoded: [(layout: BlockLayout, size: Double, weighted: Double)] = [
    (.q4_0, 42.13482666015625, 463.13116455078125),
    (.q5_0, 88.35552978515625, -104.2684326171875),
    (.q8_0, 680.143310546875, -782.2545776367188),
    (.iq4NL, 586.7137451171875, 6714.453674316406),
    (.iq4XS, 72277.41430664062, 61844.26055908203),
    (.q4_1, 99.1715087890625, 449.7564697265625),
    (.q5_1, 156.50274658203125, -3052.2781982421875),
    (.q4K, 27691.258361816406, 383849.54235839844),
    (.q5K, 43381.71008300781, 1089089.8350219727),
    (.q2K, 1171.6520385742188, -31198.018310546875),
    (.q3K, 3162.0181274414062, 2072.65869140625),
    (.q6K, 129510.65002441406, -205820.02026367188),
    (.tq1_0, 63.92291259765625, -23.41162109375),
    (.tq2_0, 114.1395263671875, -254.32928466796875),
    (.mxfp4, 49.0625, -537.90625), (.nvfp4, 323.615234375, 408.03125),
    (.iq2XXS, 4036.43074798584, 9940.483085632324),
    (.iq2XS, 4129.203308105469, -7495.711044311523),
    (.iq2S, 3786.230354309082, -29623.237144470215),
    (.iq3XXS, 9099.118957519531, -39132.172943115234),
    (.iq3S, 8559.834594726562, 21847.986694335938),
    (.iq1S, 416.1551208496094, 944.9041976928711),
    (.iq1M, 372.2245178222656, -429.36721420288086),
  ]

  @Test(arguments: decoded.indices)
  func blocksAreReadAsLlamaCppReadsThem(index: Int) throws {
    let expected = Self.decoded[index]
    let columns = 4 * expected.layout.size.elements
    let values = try BlockMatrix(expected.layout, rows: 1, columns: columns, seed: 7).row(0)
    let size = values.reduce(0.0) { $0 + abs(Double($1)) }
    let weighted = values.enumerated().reduce(0.0) {
      $0 + Double($1.element) * Double(($1.offset + 1) % 97)
    }
    #expect(abs(size - expected.size) <= 1e-6 * expected.size, "\(expected.layout)")
    #expect(abs(weighted - expected.weighted) <= 1e-6 * expected.size * 97, "\(expected.layout)")
  }

  /// Blocks have the bytes that Eaves counts.
  @Test(arguments: BlockLayout.allCases)
  func blocksHaveTheBytesOfTheFormat(layout: BlockLayout) throws {
    let format = try NumberFormat(parsing: layout.rawValue)
    #expect(format.blockElements == layout.size.elements)
    #expect(format.blockBits == Double(8 * layout.size.bytes))
  }

  /// Relative rounding errors of normal weights: those of docs/validation.md.
  @Test(arguments: [(BlockLayout.q8_0, 0.0053), (.q4_0, 0.0859)])
  func roundingErrorIsThatOfTheFormat(layout: BlockLayout, expected: Double) {
    var generator = SplitMix64(seed: 1)
    var (difference, norm) = (0.0, 0.0)
    for _ in 0..<400 {
      // Sums of twelve uniform numbers of variance 1/3 are close to normal.
      let values = (0..<32).map { _ in
        (0..<12).reduce(Float(0)) { sum, _ in sum + generator.uniform() } / 2
      }
      let block = layout == .q8_0 ? BlockEncoder.q8(values) : BlockEncoder.q4(values)
      for (index, value) in values.enumerated() {
        let error = Double(layout.element(index, of: block[...]) - value)
        difference += error * error
        norm += Double(value * value)
      }
    }
    let error = (difference / norm).squareRoot()
    #expect(abs(error - expected) <= 0.06 * expected, "\(error)")
  }

  @Test func halvesAreThoseOfTheHardware() {
    for bits in UInt16.min...UInt16.max where bits & 0x7C00 != 0x7C00 {
      #expect(HalfFloat.bits(HalfFloat.value(bits)) == bits)
    }
    #expect(HalfFloat.value(0x3C00) == 1)
    #expect(HalfFloat.value(0x0001) == 0x1p-24)
    #expect(HalfFloat.bits(65504) == 0x7BFF)
    #expect(HalfFloat.bits(1e6) == 0x7C00)
    // Half of the last place above 1 rounds to the even neighbour.
    #expect(HalfFloat.bits(1 + 0x1p-11) == 0x3C00)
    #expect(HalfFloat.bits(1 + 3 * 0x1p-11) == 0x3C02)
  }
}
