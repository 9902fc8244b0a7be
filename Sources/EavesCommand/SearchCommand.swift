import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport
import Quantities

/// `eaves search`: which configurations meet the budgets, and which are Pareto-best.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find the configurations that meet the budgets, and those that no other beats.",
    discussion: """
      Every configuration of the study is costed. Those that fit and are within its budgets are \
      compared by the objectives; the rows are those that no other beats in one without losing in \
      another, or with --all every one within the budgets. Memory does not grow with the grid.

      EXAMPLE: eaves search best-under-50-ms --pareto latency_s,footprint_bytes
      """)

  @Argument(help: "A shipped study, or a path to one of your own.")
  var study: String

  @ArgumentParser.Option(
    help: ArgumentHelp(
      "What to make small, or large (tokens_per_s, batch … and COLUMN:more); else the study's objectives, else latency_s,footprint_bytes.",
      valueName: "column,column"))
  var pareto: String?

  @Flag(help: "Every configuration within the budgets, with is_pareto.")
  var all = false

  @ArgumentParser.Option(help: "Threads; as many as processors where not given.")
  var threads: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads: \(threads) is no number of threads; write 1 to 256")
    }
  }

  func run() throws {
    let resolver = Resolver()
    let study = try resolver.study(self.study)
    let search = Search(
      Sweep(study), objectives: try objectives(of: study),
      threads: threads ?? Search.processors)
    let columns =
      try ResultColumns.selected(by: study, named: self.study).map { column in
        column.of { (found: borrowing FoundRow) in found.row }
      } + [.boolean("is_pareto") { $0.isPareto }]
    let format = output.format(or: .csv)
    let sink = try RowSink(output)
    try blaming(self.study) { try search.sweep.resolveAll(resolver) }
    let start = ContinuousClock.now
    var progress = Progress(total: search.sweep.count, unit: "configurations")
    let findings = try blaming(self.study) { try search.run(resolver) { progress.update($0) } }
    progress.finish()
    let elapsed = start.duration(to: .now) / .seconds(1)
    var writer = RowWriter(format, columns: columns, provenance: resolver.provenance)
    var buffer = ByteBuffer(capacity: 1 << 16)
    writer.begin(into: &buffer)
    try blaming(self.study) {
      try rows(of: search, findings, resolver) { found in
        writer.row(found, into: &buffer)
        if buffer.count > 1 << 16 { try sink.write(&buffer) }
      }
    }
    writer.end(into: &buffer)
    try sink.write(&buffer)
    try sink.commit(resolver.provenance)
    Output.report(findings.refused)
    Output.error(summary(findings, search, elapsed))
  }

  /// What is asked for on the command line, else by the study.
  private func objectives(of study: Study) throws -> [Objective] {
    guard let pareto else {
      return study.objectives.isEmpty
        ? [Objective(.latency), Objective(.footprint)] : study.objectives
    }
    let known = Objective.names
    return try pareto.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let objective = Objective(parsing: String(part)) else {
        let near = Suggestion.nearest(String(part), among: known)
        throw ValidationError(
          "--pareto: \"\(part)\" is nothing to search by; "
            + (near.isEmpty
              ? "write \(known.joined(separator: ", "))"
              : "did you mean \(near.joined(separator: ", "))?"))
      }
      return objective
    }
  }

  private func rows(
    of search: Search, _ findings: Search.Findings, _ resolver: Resolver,
    _ body: (FoundRow) throws -> Void
  ) throws {
    guard all else {
      return try search.rows(at: findings.front, resolver) {
        try body(FoundRow(row: $0, isPareto: true))
      }
    }
    guard findings.counts.met > 0 else { return }
    let best = Set(findings.front)
    try search.sweep.runPlaces(resolver) { row, place in
      if search.sweep.budgets.allow(row) {
        try body(FoundRow(row: row, isPareto: best.contains(place)))
      }
    }
  }

  /// How fast it went and what came of it, in one line.
  private func summary(
    _ findings: Search.Findings, _ search: Search, _ elapsed: Double
  ) -> String {
    let counts = findings.counts
    let looked = counts.searched + counts.refused
    let rate = Int((Double(looked) / max(elapsed, 1e-9)).rounded())
    let names = search.objectives.map { "\($0.wantsMore ? "more" : "less") \($0.column.rawValue)" }
    let found =
      counts.met == 0
      ? "none meets the budgets"
        + (counts.tooLarge > 0 ? " (\(grouped(counts.tooLarge)) are too large for the memory)" : "")
      : "\(grouped(counts.met)) meet the budgets, \(grouped(findings.front.count)) of them Pareto-best for "
        + names.joined(separator: ", ")
    return
      "\(grouped(looked)) configurations in \(significant(elapsed)) s, \(grouped(rate)) a second: \(found)"
  }
}

/// A row that a search has found.
struct FoundRow: Sendable {
  let row: ResultRow
  let isPareto: Bool
}
