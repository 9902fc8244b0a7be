public import Eaves

/// Groups along a row, rounded to the nearest level: whole numbers with a zero point or without, eight-bit floating
/// point, signs.
///
/// Source of the levels: `techniques` of weight-only quantisation as AWQ and GPTQ store it (RTN is the same without their
/// search); docs/method.md 2 for the bits.
public struct GroupQuantiser: Quantiser {
  public let format: NumberFormat
  public var blockElements: Int { format.blockElements }
  private let element: Element
  private let scaleBits: Int

  private enum Element {
    case integer(bits: Int, hasZero: Bool)
    case float8
    case sign
  }

  /// The quantiser of a group format (`int4/128+f16+z4`); `nil` for another.
  public init?(_ format: NumberFormat) {
    let halves = format.name.split(separator: "/")
    guard halves.count == 2, !halves[1].contains("x") else { return nil }
    let parts = halves[1].split(separator: "+")
    guard parts.count >= 2, let scale = ["f16": 16, "f32": 32][String(parts[1])] else { return nil }
    switch halves[0] {
    case "int2", "int3", "int4", "int8":
      guard let bits = Int(halves[0].dropFirst(3)) else { return nil }
      element = .integer(bits: bits, hasZero: parts.count == 3)
    case "f8e4m3": element = .float8
    case "binary": element = .sign
    default: return nil
    }
    self.format = format
    scaleBits = scale
  }

  public func rounded(_ values: [Float]) -> [Float] {
    var result = values
    for start in stride(from: 0, to: values.count, by: blockElements) {
      let range = start..<min(start + blockElements, values.count)
      switch element {
      case .integer(let bits, let hasZero):
        if hasZero { affine(&result, range, bits) } else { symmetric(&result, range, bits) }
      case .float8: floats(&result, range)
      case .sign: signs(&result, range)
      }
    }
    return result
  }

  private func stored(_ scale: Float) -> Float {
    scaleBits == 16 ? HalfFloat.rounded(scale) : scale
  }

  /// Levels 0 … 2^b − 1 with a whole zero point; the range always holds 0.
  private func affine(_ values: inout [Float], _ range: Range<Int>, _ bits: Int) {
    let highest = Float((1 << bits) - 1)
    let least = min(0, values[range].min() ?? 0)
    let greatest = max(0, values[range].max() ?? 0)
    let scale = stored((greatest - least) / highest)
    guard scale > 0 else { return zero(&values, range) }
    let zero = min(highest, max(0, (-least / scale).rounded(.toNearestOrEven)))
    for index in range {
      let level = (values[index] / scale).rounded(.toNearestOrEven) + zero
      values[index] = scale * (min(highest, max(0, level)) - zero)
    }
  }

  /// Levels −2^(b−1) … 2^(b−1) − 1; the largest magnitude at the highest.
  private func symmetric(_ values: inout [Float], _ range: Range<Int>, _ bits: Int) {
    let highest = Float((1 << (bits - 1)) - 1)
    let scale = stored(SmallBlocks.largest(values[range]) / highest)
    guard scale > 0 else { return zero(&values, range) }
    for index in range {
      let level = (values[index] / scale).rounded(.toNearestOrEven)
      values[index] = scale * min(highest, max(-highest - 1, level))
    }
  }

  private func floats(_ values: inout [Float], _ range: Range<Int>) {
    let scale = stored(SmallBlocks.largest(values[range]) / 448)
    guard scale > 0 else { return zero(&values, range) }
    for index in range {
      values[index] =
        scale
        * FloatQuantiser.rounded(values[index] / scale, exponent: 4, fraction: 3, largest: 448)
    }
  }

  /// Signs times the mean magnitude, which leaves the least squared error.
  private func signs(_ values: inout [Float], _ range: Range<Int>) {
    let sum = values[range].reduce(Float(0)) { $0 + $1.magnitude }
    let scale = stored(sum / Float(range.count))
    for index in range { values[index] = values[index] < 0 ? -scale : scale }
  }

  private func zero(_ values: inout [Float], _ range: Range<Int>) {
    for index in range { values[index] = 0 }
  }
}
