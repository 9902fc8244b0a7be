/// How near a computed figure must be to the published one.
public enum FigureTolerance: Sendable, Equatable {
  /// Equal, but for the rounding of floating point: a billionth of the figure.
  case exact
  /// A share of the published figure: 0.01 is one percent either way.
  case relative(Double)
  /// In the unit of the figure, either way.
  case absolute(Double)
  /// Between the published figure over this and times this.
  case factor(Double)
  /// Not held: the figure stands for readers.
  case reference

  /// The names that the column `tolerance_kind` takes.
  public static let kinds = ["exact", "relative", "absolute", "factor", "reference"]

  /// The name of the kind.
  public var kind: String {
    switch self {
    case .exact: "exact"
    case .relative: "relative"
    case .absolute: "absolute"
    case .factor: "factor"
    case .reference: "reference"
    }
  }

  /// The number of the column `tolerance`; `nil` where the kind has none.
  public var amount: Double? {
    switch self {
    case .exact, .reference: nil
    case .relative(let amount), .absolute(let amount), .factor(let amount): amount
    }
  }

  /// Rounding of floating point, as a share of the figure.
  public static let rounding = 1e-9

  /// Whether a figure is near enough to a published one; never where it is not finite.
  public func holds(_ ours: Double, for published: Double) -> Bool {
    guard ours.isFinite else { return false }
    let distance = (ours - published).magnitude
    // A tolerance of 0.1 must not fail a difference of 0.1 for its last bit.
    let slack = Self.rounding * published.magnitude
    switch self {
    case .exact: return distance <= slack
    case .relative(let share): return distance <= share * published.magnitude + slack
    case .absolute(let amount): return distance <= amount + slack
    case .factor(let factor):
      let ratio = ours / published
      return ratio >= 1 / factor - Self.rounding && ratio <= factor + Self.rounding
    case .reference: return true
    }
  }
}
