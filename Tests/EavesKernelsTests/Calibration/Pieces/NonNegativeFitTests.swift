import Testing

@testable import EavesKernels

@Suite struct NonNegativeFitTests {
  @Test func plantedTimesAreFound() {
    let truth = [5e-8, 9e-12, 2e-10]
    let units = [[1.0, 100, 10], [1, 1e6, 1e4], [1, 1e4, 3e4], [1, 5e5, 10], [1, 30, 3000]]
    let times = units.map { row in zip(row, truth).reduce(0) { $0 + $1.0 * $1.1 } }
    let found = NonNegativeFit.coefficients(units: units, times: times)
    for (value, wanted) in zip(found, truth) { #expect(abs(value / wanted - 1) < 1e-3) }
  }

  /// Against a search over a grid, where one coefficient would have to be negative.
  @Test func nothingBelowZeroAndNothingBetter() {
    let units = [[1.0, 1], [1, 2], [1, 3]]
    let times = [3.0, 2, 1]
    let found = NonNegativeFit.coefficients(units: units, times: times)
    func error(_ c: [Double]) -> Double {
      zip(units, times).reduce(0) { sum, sample in
        let relative = zip(sample.0, c).reduce(0) { $0 + $1.0 * $1.1 } / sample.1 - 1
        return sum + relative * relative
      }
    }
    #expect(found.allSatisfy { $0 >= 0 })
    let best = error(found)
    for first in 0...60 {
      for second in 0...60 {
        #expect(error([Double(first) * 0.05, Double(second) * 0.05]) >= best - 1e-9)
      }
    }
  }

  @Test func whatNoSampleHasIsZero() {
    #expect(NonNegativeFit.coefficients(units: [[2, 0], [4, 0]], times: [1, 2]) == [0.5, 0])
  }
}
