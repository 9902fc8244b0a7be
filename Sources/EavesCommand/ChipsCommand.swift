import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport
import Quantities

/// `eaves chips`: what is shipped, and where every figure comes from.
struct ChipsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chips", abstract: "Chip profiles, and where every figure comes from.",
    discussion: "EXAMPLE: eaves chips show nvidia-a100-sxm-80",
    subcommands: [List.self, Show.self, Check.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the shipped chips.", discussion: "EXAMPLE: eaves chips list --format csv")

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let rows = try Catalog.shipped.names(of: .chip).map { name in
        ChipRow(try resolver.chip(name))
      }
      try output.emit(rows, columns: ChipRow.columns, provenance: resolver.provenance)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show every figure of one chip with its basis and source.",
      discussion: "EXAMPLE: eaves chips show apple-m2-max-38")

    @Argument(help: "A shipped chip, or a path.")
    var chip: String

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let chip = try resolver.chip(chip)
      let rows = chip.facts + chip.figures.map { FigureRow($0, sources: chip.sources) }
      try output.emit(rows, columns: FigureRow.columns, provenance: resolver.provenance)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Look for contradictions, missing and unverified figures; exit 1 at a contradiction.",
      discussion: "EXAMPLE: eaves chips check ./my-chip.json")

    @Argument(help: "Chips or paths; all shipped ones where none is named.")
    var chips: [String] = []

    @Flag(help: "Also list every unverified figure and every excused conflict.")
    var all = false

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let names = chips.isEmpty ? Catalog.shipped.names(of: .chip) : chips
      var rows: [FindingRow] = []
      for name in names {
        let chip = try resolver.chip(name)
        rows += chip.findings().map { FindingRow(chip: chip.id, finding: $0) }
      }
      func count(_ severity: Finding.Severity) -> Int {
        rows.filter { $0.finding.severity == severity }.count
      }
      let errors = count(.error)
      let summary =
        "\(names.count) chips: \(errors) contradictions, \(count(.excused)) settled by a note, "
        + "\(count(.missing)) missing figures, \(count(.unverified)) unverified figures"
      let shown = rows.filter { all || [.error, .missing].contains($0.finding.severity) }
      try output.emit(shown, columns: FindingRow.columns, provenance: resolver.provenance)
      Output.error(summary)
      if errors > 0 { throw ExitCode(1) }
    }
  }
}

/// One chip in a list.
private struct ChipRow: Sendable {
  let chip: Chip
  let main: MemoryLevel?

  init(_ chip: Chip) {
    self.chip = chip
    main = chip.mainMemoryIndex.map { chip.memory[$0] }
  }

  /// The fastest dense rate that the chip lists for a precision, with the usual accumulator where it lists
  /// several.
  private func peak(_ precision: MultiplyPrecision) -> FLOPsPerSecond? {
    let engines = chip.engines.filter { $0.kind == .matrix || $0.kind == .vector }
    return engines.compactMap { engine in
      let rates = engine.rates.filter { $0.input == precision }
      let usual = rates.first { $0.accumulate == precision.usualAccumulator }
      return (usual ?? rates.first)?.peak.value
    }.max()
  }

  static let columns: [Column<ChipRow>] = [
    .text("chip") { $0.chip.id },
    .text("class") { $0.chip.chipClass },
    .text("family") { $0.chip.family },
    .text("memory") { $0.main?.kind.rawValue },
    .quantity("capacity") { $0.main?.totalCapacity },
    .quantity("bandwidth") { $0.main?.peakBandwidth?.value },
    .quantity("f16_peak") { $0.peak(.f16) ?? $0.peak(.bf16) },
    .quantity("int8_peak") { $0.peak(.i8) },
    .quantity("tdp") { $0.chip.power.tdp?.value },
    .integer("figures") { $0.chip.figures.count },
    .integer("unverified") { $0.chip.unverifiedFigures.count },
    .text("runtime") { $0.chip.defaultRuntime ?? "ideal" },
  ]
}

/// One finding of a lint.
private struct FindingRow: Sendable {
  let chip: String
  let finding: Finding

  static let columns: [Column<FindingRow>] = [
    .text("chip") { $0.chip },
    .text("severity") { $0.finding.severity.rawValue },
    .text("lint") { $0.finding.lint },
    .text("field") { $0.finding.field },
    .text("message") { $0.finding.message },
  ]
}

/// One figure of a profile with its evidence.
struct FigureRow: Sendable {
  var field: String
  var value: String
  var exact: String?
  var basis: String?
  var isVerified: Bool?
  var source: String?

  init(field: String, value: String, source: String? = nil, isVerified: Bool? = nil) {
    self.field = field
    self.value = value
    self.source = source
    self.isVerified = isVerified
  }

  init(_ figure: ProfileFigure, sources: [String: Source]) {
    self.init(
      field: figure.path.named, value: figure.value,
      source: sources[figure.source]?.title ?? figure.source, isVerified: figure.isVerified)
    exact = figure.exact
    basis = figure.basis?.rawValue
  }

  static let columns: [Column<FigureRow>] = [
    .text("field") { $0.field }, .text("value") { $0.value }, .text("exact") { $0.exact },
    .text("basis") { $0.basis }, .boolean("verified") { $0.isVerified },
    .text("source") { $0.source },
  ]
}

extension Chip {
  /// What a profile says in words.
  fileprivate var facts: [FigureRow] {
    var rows = [
      FigureRow(field: "id", value: id), FigureRow(field: "name", value: name),
      FigureRow(field: "class", value: chipClass), FigureRow(field: "family", value: family),
    ]
    func add(_ field: String, _ value: String?) {
      if let value, !value.isEmpty { rows.append(FigureRow(field: field, value: value)) }
    }
    add("vendor", vendor)
    add("year", year.map { "\($0)" })
    add("process", process)
    add("scope", scope)
    add("aliases", aliases.joined(separator: ", "))
    add("default_runtime", defaultRuntime)
    for (index, level) in memory.enumerated() {
      let technology = level.technology.map { ", \($0)" } ?? ""
      add("memory[\(index)]", "\(level.id): \(level.name), \(level.kind.rawValue)\(technology)")
    }
    for (index, engine) in engines.enumerated() {
      add(
        "engines[\(index)]",
        "\(engine.id): \(engine.name), \(engine.kind.rawValue) engine of the \(engine.unit.rawValue)"
      )
    }
    for (kind, remarks) in [("note", notes), ("claim", claims)] {
      for remark in remarks {
        rows.append(
          FigureRow(
            field: kind, value: remark.text,
            source: remark.source.map { sources[$0]?.title ?? $0 }, isVerified: remark.isVerified))
      }
    }
    return rows
  }
}
