public import Eaves

/// Plain floating point of fewer bits, rounded to nearest with ties to even; too large becomes the largest.
public struct FloatQuantiser: Quantiser {
  public let format: NumberFormat
  public let blockElements = 1
  private let exponent: Int
  private let fraction: Int
  private let largest: Float

  /// A format of some exponent and fraction bits.
  /// - Parameters:
  ///   - format: its name and size.
  ///   - exponent: bits of the exponent.
  ///   - fraction: bits of the fraction.
  ///   - largest: the largest finite value; that of IEEE formats where not given.
  init(_ format: NumberFormat, exponent: Int, fraction: Int, largest: Float? = nil) {
    self.format = format
    self.exponent = exponent
    self.fraction = fraction
    let top = Float(sign: .plus, exponent: (1 << (exponent - 1)) - 1, significand: 1)
    self.largest = largest ?? top * (2 - Float(sign: .plus, exponent: -fraction, significand: 1))
  }

  public func rounded(_ values: [Float]) -> [Float] {
    fraction >= 23
      ? values
      : values.map {
        Self.rounded($0, exponent: exponent, fraction: fraction, largest: largest)
      }
  }

  static func rounded(_ value: Float, exponent: Int, fraction: Int, largest: Float) -> Float {
    guard value != 0, value.isFinite else { return value == value ? value : 0 }
    let least = 2 - (1 << (exponent - 1))
    let place = max(least, Int(value.exponent)) - fraction
    // Two steps where one power of two would be too small to write down.
    let unit = Float(sign: .plus, exponent: max(-126, place), significand: 1)
    let rest = Float(sign: .plus, exponent: place - max(-126, place), significand: 1)
    let result = (value / unit / rest).rounded(.toNearestOrEven) * rest * unit
    return min(largest, max(-largest, result))
  }
}
