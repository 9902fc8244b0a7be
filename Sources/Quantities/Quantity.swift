/// An amount of one physical kind, held in its base unit.
///
/// A kind is a three-line struct (see `Kinds.swift`); which kinds combine, and into what, is said once
/// in `Relations.swift`. Amounts are `Double`: exact for counts up to 2⁵³ and for the dyadic fractions
/// of block formats, and without the overflow of `Int64` (10⁶ tokens × 10³ sequences × 10¹² FLOPs).
///
/// No literal converts to a quantity: `Bytes(5)` is written out, so that a bare number never passes
/// for an amount.
public protocol Quantity: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// How amounts of this kind are written: its units and its plausible range.
  static var notation: Notation { get }

  /// The amount in the base unit of the kind.
  var value: Double { get }

  /// Wraps an amount that is already in the base unit.
  init(_ value: Double)
}

extension Quantity {
  /// Nothing of this kind.
  public static var zero: Self { Self(0) }

  /// Orders two amounts of one kind.
  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }

  /// Adds two amounts of one kind.
  public static func + (left: Self, right: Self) -> Self { Self(left.value + right.value) }

  /// Subtracts two amounts of one kind.
  public static func - (left: Self, right: Self) -> Self { Self(left.value - right.value) }

  /// Adds an amount of the same kind in place.
  public static func += (left: inout Self, right: Self) { left = left + right }

  /// Scales an amount.
  public static func * (amount: Self, factor: Double) -> Self { Self(amount.value * factor) }

  /// Scales an amount.
  public static func * (factor: Double, amount: Self) -> Self { Self(factor * amount.value) }

  /// Divides an amount by a plain number.
  public static func / (amount: Self, divisor: Double) -> Self { Self(amount.value / divisor) }

  /// The ratio of two amounts of one kind: a plain number.
  public static func / (left: Self, right: Self) -> Double { left.value / right.value }
}
