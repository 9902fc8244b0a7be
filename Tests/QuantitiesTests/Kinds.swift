import Quantities
import Testing

/// One kind of quantity, as an argument of a test.
struct Kind: Sendable, CustomTestStringConvertible {
  let type: any Quantity.Type
  var testDescription: String { "\(type)" }
}

/// Every kind there is; a test holds the list against the sources.
enum Kinds {
  static let all = [
    Kind(type: Bytes.self), Kind(type: FLOPs.self), Kind(type: Seconds.self),
    Kind(type: BytesPerSecond.self), Kind(type: FLOPsPerSecond.self),
    Kind(type: SecondsPerByte.self), Kind(type: SecondsPerFLOP.self), Kind(type: Hertz.self),
    Kind(type: TransfersPerSecond.self), Kind(type: Joules.self), Kind(type: Watts.self),
    Kind(type: JoulesPerByte.self), Kind(type: JoulesPerFLOP.self), Kind(type: Intensity.self),
    Kind(type: Ratio.self), Kind(type: TokensPerSecond.self), Kind(type: Celsius.self),
    Kind(type: KelvinPerWatt.self),
  ]
}
