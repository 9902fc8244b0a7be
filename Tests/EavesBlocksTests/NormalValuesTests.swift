import EavesBlocks
import Testing

@Suite struct NormalValuesTests {
  private static let values: [Float] = {
    var values = NormalValues(seed: 3)
    return values.next(200_000)
  }()

  /// Moments of the standard normal distribution: 0, 1, 0, 3, 0, 15, within four standard deviations of the mean.
  @Test(arguments: [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96), (5, 0, 945), (6, 15, 10170)])
  func momentsAreThoseOfTheDistribution(order: Int, expected: Double, variance: Double) {
    let sum = Self.values.reduce(0.0) { sum, value in
      sum + (0..<order).reduce(1.0) { power, _ in power * Double(value) }
    }
    let mean = sum / Double(Self.values.count)
    #expect(abs(mean - expected) < 4 * (variance / Double(Self.values.count)).squareRoot())
  }

  /// Shares within 1, 2 and 3 standard deviations.
  @Test(arguments: [(1.0, 0.682_689), (2, 0.954_500), (3, 0.997_300)])
  func sharesAreThoseOfTheDistribution(size: Double, expected: Double) {
    let share =
      Double(Self.values.count { abs(Double($0)) < size }) / Double(Self.values.count)
    let spread = (expected * (1 - expected) / Double(Self.values.count)).squareRoot()
    #expect(abs(share - expected) < 4 * spread)
  }

  @Test func neighboursAreIndependent() {
    let products = zip(Self.values, Self.values.dropFirst()).map { Double($0) * Double($1) }
    let mean = products.reduce(0, +) / Double(products.count)
    #expect(abs(mean) < 4 / Double(products.count).squareRoot())
  }

  @Test func aSeedGivesTheSameValues() {
    var one = NormalValues(seed: 3)
    var two = NormalValues(seed: 4)
    #expect(one.next(5) == Array(Self.values.prefix(5)))
    #expect(two.next(5) != Array(Self.values.prefix(5)))
  }
}
