import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport

/// `eaves formats quality`: published figures of what formats and other choices cost in quality.
struct QualityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quality",
    abstract:
      "Published quality by format and model; figures of different tables are not comparable.",
    discussion: "EXAMPLE: eaves formats quality llama-2-7b")

  @Argument(help: "Models; all that figures are known of where none is named.")
  var models: [String] = []

  @OptionGroup var output: OutputOptions

  func run() throws {
    let resolver = Resolver()
    let evidence = try resolver.quality()
    var wanted: Set<String> = []
    for name in models {
      let known = evidence.records.contains { $0.model == name }
      wanted.insert(known ? name : try resolver.model(name).id)
    }
    let records = evidence.records.filter {
      wanted.isEmpty || wanted.contains($0.axis == "model" ? $0.value : $0.model)
        || wanted.contains($0.model)
    }
    resolver.quote(records)
    let rows = records.map { QualityRow(record: $0, loss: evidence.loss($0)) }
    try output.emit(rows, columns: QualityRow.columns, provenance: resolver.provenance)
    if rows.isEmpty {
      Output.error("nothing is published here of \(models.joined(separator: ", "))")
    }
  }
}

/// A published figure with its loss against the baseline of its own table.
private struct QualityRow: Sendable {
  let record: QualityRecord
  let loss: Double?

  static let columns: [Column<QualityRow>] = [
    .text("id") { $0.record.id },
    .text("model") { $0.record.model },
    .text("generation") { $0.record.table.generation },
    .text("axis") { $0.record.axis },
    .text("value") { $0.record.value },
    .text("method") { $0.record.method.isEmpty ? nil : $0.record.method },
    .number("bits_per_weight") { $0.record.bitsPerWeight },
    .number("result") { $0.record.result },
    .text("metric") { $0.record.table.metric.rawValue },
    .ratio("quality_loss") { $0.loss },
    .text("dataset") { $0.record.table.dataset.isEmpty ? nil : $0.record.table.dataset },
    .integer("context_tokens") { $0.record.table.context },
    .text("source") { $0.record.table.source },
    .boolean("verified") { $0.record.isVerified },
    .text("note") { $0.record.note.isEmpty ? nil : $0.record.note },
  ]
}

extension Column {
  /// A column of bare numbers.
  fileprivate static func number(
    _ name: String, _ value: @escaping @Sendable (borrowing Row) -> Double?
  ) -> Column {
    Column(name: name, alignment: .right, display: { "\($0)" }, value: { Cell(value($0)) })
  }
}
