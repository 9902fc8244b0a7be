import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport

/// `eaves studies`: sweeps that a user can run and edit, each with its question.
struct StudiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "studies", abstract: "Shipped studies, each with the question it asks.",
    discussion: "EXAMPLE: eaves studies show quantisation-ladder > mine.json",
    subcommands: [List.self, Show.self, Check.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the shipped studies.", discussion: "EXAMPLE: eaves studies list")

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let rows = try Catalog.shipped.names(of: .study).map { name in
        StudyRow(name: name, study: try resolver.study(name))
      }
      try output.emit(rows, columns: StudyRow.columns, provenance: resolver.provenance)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a study's file.", discussion: "EXAMPLE: eaves studies show kv-growth")

    @Argument(help: "A shipped study, or a path.")
    var study: String

    func run() throws {
      let file = try Catalog.shipped.file(.study, named: study)
      _ = try Study(parsing: file.bytes, file: file.path)
      Output.print(file.bytes)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read studies and everything they name, without running them.",
      discussion: "EXAMPLE: eaves studies check ./mine.json")

    @Argument(help: "Studies or paths; all shipped ones where none is named.")
    var studies: [String] = []

    @OptionGroup var output: OutputOptions

    func run() throws {
      let names = studies.isEmpty ? Catalog.shipped.names(of: .study) : studies
      let resolver = Resolver()
      let rows = try names.map { name in
        let study = try resolver.study(name)
        _ = try ResultColumns.selected(by: study, named: name)
        try blaming(name) { try Sweep(study).resolveAll(resolver) }
        return StudyRow(name: name, study: study)
      }
      try output.emit(rows, columns: StudyRow.columns, provenance: resolver.provenance)
    }
  }
}

private struct StudyRow: Sendable {
  let name: String
  let study: Study

  static let columns: [Column<StudyRow>] = [
    .text("study") { $0.name },
    .integer("rows") { Sweep($0.study).count },
    .text("question") { $0.study.question },
  ]
}
