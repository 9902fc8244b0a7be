import Eaves

/// Seeded values of the standard normal distribution, the same on every machine.
///
/// Source: the polar method (Marsaglia and Bray 1964, "A convenient method for generating normal variables").
public struct NormalValues: Sendable {
  private var generator: SplitMix64
  private var second: Double?

  /// Values with a seed.
  public init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// The next value.
  public mutating func next() -> Float {
    if let second {
      self.second = nil
      return Float(second)
    }
    while true {
      // 53 bits each: a float of 24 would make the values lie on a grid.
      let x = 2 * Double(generator.next() >> 11) * 0x1p-53 - 1
      let y = 2 * Double(generator.next() >> 11) * 0x1p-53 - 1
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let size = (-2 * naturalLogarithm(square) / square).squareRoot()
      second = y * size
      return Float(x * size)
    }
  }

  /// The next values.
  public mutating func next(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }
}
