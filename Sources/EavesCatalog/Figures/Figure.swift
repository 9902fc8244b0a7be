/// A published figure and the expression that must compute it: a row of `Scenarios/evidence/figures.csv`.
public struct Figure: Sendable {
  /// What is done with a figure.
  public enum Kind: String, Sendable, CaseIterable {
    /// Computed and held to its tolerance.
    case asserted
    /// Shown, not held.
    case reference
    /// Held as soon as its expression can be computed.
    case pending
    /// The source contradicts itself: held to `corrected`, and the published figure is shown.
    case inconsistent
  }

  public var id: String
  /// What it is about, and what it says; empty where the file leaves them out.
  public var technique: String
  public var claim: String
  public var published: Double
  /// The figure as it is printed: its digits say how precise it is.
  public var printed: String
  /// The unit as people write it.
  public var unit: String
  /// What computes it; `nil` where nothing can.
  public var expression: FigureExpression?
  public var tolerance: FigureTolerance
  public var kind: Kind
  /// What the source's own configuration gives, where it contradicts the published figure.
  public var corrected: Double?
  /// Why it is not held, or what a reader should know.
  public var note: String
  public var source: String
  /// The file, and the field with the expression, for messages.
  let file: String
  let field: CSVField

  /// Half of the last digit in which the figure is printed.
  public var printedPrecision: Double {
    let mantissa = printed.prefix { $0 != "e" && $0 != "E" }
    guard let point = mantissa.firstIndex(of: ".") else { return 0.5 * scale }
    let decimals = mantissa[mantissa.index(after: point)...].count
    return (0..<decimals).reduce(0.5 * scale) { half, _ in half / 10 }
  }

  /// The power of ten after an `e`.
  private var scale: Double {
    guard let letter = printed.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return 1 }
    return Double("1e\(printed[printed.index(after: letter)...])") ?? 1
  }

  /// An error in its expression, as an error of the file.
  func error(_ error: ExpressionError) -> DataError {
    DataError(
      error.reason == .notFound ? .notFound : .badData, file: file,
      at: field.position(ofScalarAt: error.offset), field: "expression", error.problem,
      remedy: error.remedy)
  }
}
