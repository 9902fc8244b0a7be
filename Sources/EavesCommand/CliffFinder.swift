import Eaves
import EavesCatalog
import EavesReport
import Quantities

/// Finds the cliff of one model along its weights, by the one table that knows most of the formats.
struct CliffFinder {
  let model: String
  let table: QualityTable?
  let allowed: Double

  /// Chooses the table, and has the resolver quote no other; `nil` where another option is varied or there are
  /// several models.
  init?(_ axes: [Axis], _ axis: Axis, _ resolver: Resolver, allowed: Double) throws {
    guard axis.option == .weights,
      let names = axes.first(where: { $0.option == .model })?.values, names.count == 1
    else { return nil }
    self.allowed = allowed
    model = try resolver.model(names[0]).id
    let values = axis.values.compactMap { try? WeightScheme(parsing: $0).name }
    table = try resolver.quality().table(for: model, axis: "weights", values: values)
    resolver.qualityTable = table
  }

  /// The cliff among the rows of a comparison.
  func cliff(_ rows: [ResultRow]) -> QualityCliff {
    QualityCliff(
      rows.map { row in
        (
          row.labels.weights, row.footprint.weights.value,
          table == nil ? nil : row.labels.quality?.loss
        )
      }, allowed: allowed)
  }
}

extension [Column<ResultRow>] {
  /// The columns with the cliff marked: in a table by a column of its own beside the loss, else in the words of
  /// `quality_evidence`, as the columns of results are the same on every command.
  func marking(_ cliff: QualityCliff, inTable: Bool) -> [Column<ResultRow>] {
    let verdict: @Sendable (borrowing ResultRow) -> QualityCliff.Verdict? = {
      cliff.verdicts[$0.labels.weights]
    }
    guard inTable else {
      return map { column in
        guard column.name == "quality_evidence" else { return column }
        return .text(column.name) { row in
          let evidence = row.labels.quality?.evidence
          guard let verdict = verdict(row), verdict != .within, let evidence else {
            return evidence
          }
          return "\(verdict == .cliff ? "the cliff, first " : "")past \(cliff.share): \(evidence)"
        }
      }
    }
    guard let loss = firstIndex(where: { $0.name == "quality_loss_ratio" }) else { return self }
    var marked = self
    marked.insert(.text("quality_cliff") { verdict($0)?.rawValue }, at: loss + 1)
    return marked
  }
}
