/// A published figure beside ours, and what follows.
public struct FigureResult: Sendable {
  public let figure: Figure
  /// What the expression gives; `nil` where there is no value.
  public let ours: Double?
  public let verdict: FigureVerdict
  /// The reason of the verdict where there is one, else the note of the figure.
  public let note: String

  /// A figure without a value of ours.
  init(_ figure: Figure, verdict: FigureVerdict, because reason: String = "") {
    self.figure = figure
    ours = nil
    self.verdict = verdict
    note = reason.isEmpty ? figure.note : reason
  }

  /// A figure and what its expression gives.
  init(_ figure: Figure, ours: Double) {
    self.figure = figure
    self.ours = ours
    verdict = Self.verdict(on: ours, for: figure)
    note = figure.note
  }

  /// Ours over published, less 1; `nil` where there is none of ours, or the published figure is 0.
  public var errorRatio: Double? {
    guard let ours, figure.published != 0 else { return nil }
    return (ours - figure.published) / figure.published
  }

  /// Off by less is reproduced.
  static let reproducedWithin = 0.005

  private static func verdict(on ours: Double, for figure: Figure) -> FigureVerdict {
    if figure.tolerance == .reference { return .referenceOnly }
    if let corrected = figure.corrected {
      // The source agrees with itself after all: then the file is wrong.
      let isConsistent = figure.tolerance.holds(ours, for: figure.published)
      return figure.tolerance.holds(ours, for: corrected) && !isConsistent
        ? .inconsistentSource : .failed
    }
    guard figure.tolerance.holds(ours, for: figure.published) else { return .failed }
    let distance = (ours - figure.published).magnitude
    let near = max(reproducedWithin * figure.published.magnitude, figure.printedPrecision)
    return figure.tolerance == .exact || distance <= near ? .reproduced : .withinTolerance
  }
}
