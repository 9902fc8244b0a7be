import Testing

@testable import EavesKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Functions on vectors against those of the library.
@Suite struct LaneMathTests {
  /// Values from −20 to 20, and the error that a float has by itself.
  static let inputs = (0..<801).map { Float($0) * 0.05 - 20 }
  static let precision = 5e-7

  private func relativeError(
    _ function: (Lanes) -> Lanes, _ x: Float, _ exact: Double
  ) -> Double {
    abs(Double(function(Lanes(repeating: x))[Lanes.scalarCount - 1]) / exact - 1)
  }

  @Test func softplusIsExactInBothTails() {
    for x in Self.inputs {
      let exact = max(Double(x), 0) + log1p(exp(-abs(Double(x))))
      #expect(relativeError(LaneMath.softplus, x, exact) < Self.precision, "\(x)")
    }
  }

  @Test func sigmoidAndSiluAreExact() {
    for x in Self.inputs where x != 0 {
      let sigmoid = 1 / (1 + exp(-Double(x)))
      #expect(relativeError(LaneMath.sigmoid, x, sigmoid) < Self.precision, "\(x)")
      #expect(relativeError(LaneMath.silu, x, Double(x) * sigmoid) < Self.precision, "\(x)")
    }
  }

  @Test func rootsAreExactAndThatOfZeroIsZero() {
    for x in Self.inputs where x > 0 {
      #expect(relativeError(LaneMath.root, x, Double(x).squareRoot()) < Self.precision, "\(x)")
    }
    #expect(LaneMath.root(Lanes())[0] == 0)
  }

  /// Its error is that of the larger numbers that it is the difference of.
  @Test func hyperbolicTangentIsWithinAFewUnitsOfOne() {
    for x in Self.inputs {
      let difference = Double(LaneMath.tanh(Lanes(repeating: x))[0]) - tanh(Double(x))
      #expect(abs(difference) < Self.precision, "\(x)")
    }
  }

  @Test func sumsAndLargestGoOverAllLanes() {
    var x = Lanes()
    for lane in 0..<Lanes.scalarCount { x[lane] = Float(lane * lane) }
    let last = Float((Lanes.scalarCount - 1) * (Lanes.scalarCount - 1))
    let total = (0..<Lanes.scalarCount).reduce(0) { $0 + $1 * $1 }
    #expect(x.largest == last)
    #expect(x.total == Float(total))
    let sums = Lanes.totals(x, x + x, -x, Lanes())
    #expect(sums == SIMD4(Float(total), Float(2 * total), Float(-total), 0))
  }
}
