import EavesCatalog
import EavesReport
import Quantities

extension FigureResult {
  /// Every column, for files.
  static let columns: [Column<FigureResult>] = [
    .text("id") { $0.figure.id },
    .text("technique") { $0.figure.technique },
    .text("claim") { $0.figure.claim },
    number("published") { $0.figure.published },
    number("ours") { $0.ours },
    .text("unit") { $0.figure.unit },
    .text("tolerance_kind") { $0.figure.tolerance.kind },
    number("tolerance") { $0.figure.tolerance.amount },
    number("error_ratio") { $0.errorRatio },
    .text("verdict") { $0.verdict.rawValue },
    .text("note") { $0.note.isEmpty ? nil : $0.note },
    .text("source") { $0.figure.source },
  ]

  /// The columns of the table for people: the note says why a figure is not held, or why it failed.
  static let tableColumns: [Column<FigureResult>] = [
    .text("id") { $0.figure.id },
    number("published") { $0.figure.published },
    number("ours") { $0.ours },
    .text("unit") { $0.figure.unit },
    .text("tolerance") { $0.figure.tolerance.summary },
    .text("verdict") { $0.verdict.rawValue },
    .text("why") { $0.shortReason },
  ]

  private static func number(
    _ name: String, _ value: @escaping @Sendable (FigureResult) -> Double?
  ) -> Column<FigureResult> {
    Column(
      name: name, alignment: .right, display: { Self.digits($0) }, value: { Cell(value($0)) })
  }

  /// A number with what a reader compares: all digits of whole numbers, seven of others.
  private static func digits(_ value: Double) -> String {
    if value.magnitude < 1e12, value == value.rounded() { return grouped(Int(value)) }
    let parts = significant(value, digits: 7).split(separator: "e")
    var mantissa = parts[0]
    if mantissa.contains(".") {
      while mantissa.last == "0" { mantissa.removeLast() }
      if mantissa.last == "." { mantissa.removeLast() }
    }
    return parts.count > 1 ? "\(mantissa)e\(parts[1])" : String(mantissa)
  }

  private var shortReason: String? {
    switch verdict {
    case .reproduced, .withinTolerance: return nil
    case .failed where ours != nil:
      return errorRatio.map { "off by \(significant(100 * $0, digits: 3)) %" } ?? "not 0"
    case .referenceOnly, .inconsistentSource, .notYetComputable, .failed:
      guard note.count > Self.mostReason else { return note.isEmpty ? nil : note }
      return "\(note.prefix(Self.mostReason))…"
    }
  }

  private static let mostReason = 60
}

extension FigureTolerance {
  /// The tolerance in a few characters: "±1 %", "×/÷ 1.5".
  fileprivate var summary: String {
    switch self {
    case .exact, .reference: kind
    case .relative(let share): "±\(significant(100 * share, digits: 2)) %"
    case .absolute(let amount): "±\(significant(amount, digits: 2))"
    case .factor(let factor): "×÷ \(significant(factor, digits: 2))"
    }
  }
}
