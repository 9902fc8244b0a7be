/// Storage or traffic, in bytes.
///
/// GB (10⁹) and GiB (2³⁰) are different units and both parse.
public struct Bytes: Quantity {
  public static let notation = Notation(
    "size", "B", binary: true, prefixes: Notation.Prefix.whole, largest: 1e18)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// Arithmetic work: one addition or multiplication is one FLOP.
///
/// A multiply-add is two (see `FLOPs.init(multiplyAdds:)`). Integer operations count in the same unit.
public struct FLOPs: Quantity {
  public static let notation = Notation(
    "work", "FLOP", alsoWritten: ["FLOPs", "OP", "op"], prefixes: Notation.Prefix.whole,
    largest: 1e27)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// A span of time, in seconds.
public struct Seconds: Quantity {
  public static let notation = Notation("time", "s", largest: 1e9)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// A bandwidth: bytes moved across one boundary each second.
public struct BytesPerSecond: Quantity {
  public static let notation = Notation(
    "bandwidth", "B/s", binary: true, prefixes: Notation.Prefix.whole, largest: 1e18)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// An arithmetic rate.
///
/// FLOP/s and OP/s are the same kind; formats are told apart by the engine's rates.
public struct FLOPsPerSecond: Quantity {
  public static let notation = Notation(
    "rate", "FLOP/s", alsoWritten: ["FLOPs/s", "OP/s", "op/s"], prefixes: Notation.Prefix.whole,
    largest: 1e21)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// The reciprocal of a bandwidth: what a compiled machine multiplies by instead of dividing.
public struct SecondsPerByte: Quantity {
  public static let notation = Notation("time per byte", "s/B", largest: 1e3)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// The reciprocal of an arithmetic rate.
public struct SecondsPerFLOP: Quantity {
  public static let notation = Notation("time per operation", "s/FLOP", largest: 1e3)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// A clock frequency.
public struct Hertz: Quantity {
  public static let notation = Notation(
    "frequency", "Hz", prefixes: Notation.Prefix.whole, largest: 1e12)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// Data transfers of one memory pin a second (MT/s of a DRAM data sheet).
public struct TransfersPerSecond: Quantity {
  public static let notation = Notation(
    "data rate", "T/s", prefixes: Notation.Prefix.whole, largest: 1e12)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// Energy, in joules.
public struct Joules: Quantity {
  public static let notation = Notation("energy", "J", largest: 1e12)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// Power, in watts.
public struct Watts: Quantity {
  public static let notation = Notation("power", "W", largest: 1e7)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// Energy to move one byte across a boundary.
public struct JoulesPerByte: Quantity {
  public static let notation = Notation("energy per byte", "J/B", largest: 1)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// Energy of one arithmetic operation.
public struct JoulesPerFLOP: Quantity {
  public static let notation = Notation(
    "energy per operation", "J/FLOP", alsoWritten: ["J/OP", "J/op"], largest: 1)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// Arithmetic intensity: FLOPs done for each byte moved.
///
/// A ridge point has the same unit.
public struct Intensity: Quantity {
  public static let notation = Notation("intensity", "FLOP/B", prefixes: [], largest: 1e15)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// A dimensionless share or factor, written "0.75" or "75 %".
public struct Ratio: Quantity {
  public static let notation = Notation("ratio", "", largest: 1e6)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// A generation rate.
public struct TokensPerSecond: Quantity {
  public static let notation = Notation("token rate", "tokens/s", prefixes: [], largest: 1e15)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// A temperature on the Celsius scale.
public struct Celsius: Quantity {
  public static let notation = Notation(
    "temperature", "degC", alsoWritten: ["°C"], prefixes: [], largest: 1e4)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// Thermal resistance: the rise of temperature for each watt.
public struct KelvinPerWatt: Quantity {
  public static let notation = Notation("thermal resistance", "K/W", prefixes: [], largest: 1e6)
  public let value: Double
  public init(_ value: Double) { self.value = value }
}
