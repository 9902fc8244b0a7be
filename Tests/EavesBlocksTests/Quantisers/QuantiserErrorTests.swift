import Eaves
import Testing

@testable import EavesBlocks

/// Errors of rounding on normal weights, and the levels of single formats.
@Suite struct QuantiserErrorTests {
  /// ‖ΔW‖/‖W‖ on Gaussian weights: the figures `qerr-gauss-*` of docs/validation.md, and what theory gives.
  @Test(arguments: [
    ("q8_0", 0.0053), ("q4_0", 0.0859), ("int4/128+f16+z4", 0.0998), ("int3/128+f16+z3", 0.2139),
    ("int2/128+f16+z2", 0.5005), ("ternary", 0.5133),
    ("binary/128+f16", 0.6029),
  ])
  func normalWeights(format: String, expected: Double) throws {
    let quantiser = try #require(QuantiserList.quantiser(of: try NumberFormat(parsing: format)))
    let matrix = WeightError.activations(256, columns: 1024, seed: 3)
    let error = WeightError(of: matrix, columns: 1024, by: quantiser, activations: [])
    #expect(abs(error.weightRatio / expected - 1) < 0.02, "\(error.weightRatio)")
    #expect(error.weights == 256 * 1024)
  }

  /// Outputs of independent activations have the error of the weights, but for their scatter.
  @Test func outputsFollowTheWeights() throws {
    let quantiser = try #require(QuantiserList.quantiser(of: try NumberFormat(parsing: "q4_0")))
    let matrix = WeightError.activations(64, columns: 512, seed: 5)
    let x = WeightError.activations(8, columns: 512, seed: 6)
    let error = WeightError(of: matrix, columns: 512, by: quantiser, activations: x)
    #expect(abs(error.outputRatio / error.weightRatio - 1) < 0.15)
    // The definition, with sums in float64.
    let rounded = quantiser.rounded(matrix)
    var (difference, norm) = (0.0, 0.0)
    for row in 0..<64 {
      for vector in 0..<8 {
        var (old, new) = (0.0, 0.0)
        for column in 0..<512 {
          old += Double(matrix[row * 512 + column]) * Double(x[vector * 512 + column])
          new += Double(rounded[row * 512 + column]) * Double(x[vector * 512 + column])
        }
        difference += (new - old) * (new - old)
        norm += old * old
      }
    }
    #expect(abs(error.outputRatio / (difference / norm).squareRoot() - 1) < 1e-4)
  }

  /// Every value of 8-bit floating point is its own rounding, and halves go to the even neighbour.
  @Test(
    arguments: [("f8e4m3", 4, 3, Float(448)), ("f8e5m2", 5, 2, 57344)]
      as [(String, Int, Int, Float)])
  func smallFloats(name: String, exponent: Int, fraction: Int, largest: Float) throws {
    let quantiser = try #require(QuantiserList.quantiser(of: try NumberFormat(parsing: name)))
    let bias = (1 << (exponent - 1)) - 1
    var values: [Float] = []
    for power in 0..<(1 << exponent) {
      for part in 0..<(1 << fraction) {
        let share = Float(part) / Float(1 << fraction)
        let value =
          power == 0
          ? share * Float(sign: .plus, exponent: 1 - bias, significand: 1)
          : (1 + share) * Float(sign: .plus, exponent: power - bias, significand: 1)
        if value <= largest { values.append(value) }
      }
    }
    #expect(quantiser.rounded(values) == values)
    #expect(quantiser.rounded(values.map { -$0 }) == values.map { -$0 })
    for index in 0..<values.count - 1 {
      let middle = (values[index] + values[index + 1]) / 2
      let wanted = index.isMultiple(of: 2) ? values[index] : values[index + 1]
      #expect(quantiser.rounded([middle]) == [wanted])
    }
    #expect(quantiser.rounded([1e9, -1e9]) == [largest, -largest])
  }

  @Test func halvesAreThoseOfScales() throws {
    let f16 = try #require(QuantiserList.quantiser(of: .f16))
    let values = (0..<4000).map { Float($0) * 0.0137 - 20 } + [6e-8, -3e-6, 1e-4, 65504]
    #expect(f16.rounded(values) == values.map { HalfFloat.rounded($0) })
    let bf16 = try #require(QuantiserList.quantiser(of: .bf16))
    for value in values {
      let bits = value.bitPattern
      let rounded = Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
      #expect(bf16.rounded([value]) == [rounded])
    }
  }

  /// The nearest of the sixteen levels, by looking at all.
  @Test func normalFloatTakesTheNearestLevel() throws {
    let quantiser = try #require(QuantiserList.quantiser(of: try NumberFormat(parsing: "nf4")))
    let values = WeightError.activations(1, columns: 640, seed: 9)
    let rounded = quantiser.rounded(values)
    for start in stride(from: 0, to: 640, by: 64) {
      let scale = values[start..<start + 64].map(\.magnitude).max() ?? 0
      for index in start..<start + 64 {
        let nearest =
          CodebookQuantiser.normalFloat.map { abs($0 * scale - values[index]) }.min() ?? 0
        #expect(abs(abs(rounded[index] - values[index]) - nearest) < 1e-6)
      }
    }
  }

  @Test func shorterGroupsEndRows() throws {
    let quantiser = try #require(
      QuantiserList.quantiser(of: try NumberFormat(parsing: "int4/128+f16")))
    let row = WeightError.activations(1, columns: 192, seed: 2)
    let two = WeightError(of: row + row, columns: 192, by: quantiser, activations: [])
    let one = WeightError(of: row, columns: 192, by: quantiser, activations: [])
    #expect(abs(two.weightRatio - one.weightRatio) < 1e-12)
  }

  @Test(arguments: QuantiserList.standard)
  func everyStandardFormatCanBeRounded(name: String) throws {
    let format = try NumberFormat(parsing: name)
    let quantiser = try #require(QuantiserList.quantiser(of: format))
    #expect(quantiser.format == format)
    let zeros = [Float](repeating: 0, count: 512)
    #expect(quantiser.rounded(zeros) == zeros)
    let values = WeightError.activations(1, columns: 512, seed: 4)
    let infinite = quantiser.rounded(values).filter { !$0.isFinite }
    #expect(infinite.isEmpty)
  }
  /// Weights that are no numbers, or as large or small as can be, end nothing.
  @Test(arguments: QuantiserList.standard)
  func nothingTraps(name: String) throws {
    let quantiser = try #require(QuantiserList.quantiser(of: try NumberFormat(parsing: name)))
    let odd: [Float] = [
      .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
      .leastNonzeroMagnitude, -.leastNormalMagnitude, 0, -0.0, 1,
    ]
    for first in odd {
      var values = [Float](repeating: first, count: 512)
      #expect(quantiser.rounded(values).count == 512)
      for index in 0..<256 { values[2 * index] = odd[index % odd.count] }
      #expect(quantiser.rounded(values).count == 512)
    }
  }
}
