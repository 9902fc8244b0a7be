/// What became of a published figure.
public enum FigureVerdict: String, Sendable, CaseIterable {
  /// Equal: exactly where that is asked, else to half a percent or to the digits in which it is printed.
  case reproduced
  /// Further off than that, and inside its tolerance.
  case withinTolerance = "within tolerance"
  /// Not computed by design: a measurement of quality, or of a machine that is not described.
  case referenceOnly = "reference only"
  /// The figure contradicts the configuration that its own source states; ours is what that gives.
  case inconsistentSource = "inconsistent source"
  /// The technique behind it is not costed yet.
  case notYetComputable = "not yet computable"
  /// Outside its tolerance, or without a value.
  case failed
}
