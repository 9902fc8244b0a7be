import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport
import Quantities

/// `eaves runtimes`: what software does with a chip, as data.
struct RuntimesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runtimes",
    abstract: "Software stacks: achieved shares and fixed times, by family of chips.",
    discussion: "EXAMPLE: eaves runtimes show llama.cpp",
    subcommands: [List.self, Show.self, Check.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the shipped runtimes.", discussion: "EXAMPLE: eaves runtimes list")

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let rows = try Catalog.shipped.names(of: .runtime).map { try resolver.runtime($0) }
      try output.emit(
        rows,
        columns: [
          .text("runtime") { $0.id },
          .integer("profiles") { $0.profiles.count },
          .text("families") { runtime in
            runtime.profiles.flatMap(\.families).joined(separator: " ")
          },
        ], provenance: resolver.provenance)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show every constant of one runtime with its basis and source.",
      discussion: "EXAMPLE: eaves runtimes show tensorrt-llm --format markdown")

    @Argument(help: "A shipped runtime, or a path.")
    var runtime: String

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let runtime = try resolver.runtime(runtime)
      let rows = runtime.profiles.flatMap { profile in
        profile.figures.map { figure in
          var row = FigureRow(figure, sources: runtime.sources)
          row.field = "\(profile.families.joined(separator: ",")): \(figure.path.named)"
          return row
        }
      }
      try output.emit(rows, columns: FigureRow.columns, provenance: resolver.provenance)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read runtimes; every constant in range, every family of the shipped chips served.",
      discussion: "EXAMPLE: eaves runtimes check ./my-runtime.json")

    @Argument(help: "Runtimes or paths; all shipped ones where none is named.")
    var runtimes: [String] = []

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let names = runtimes.isEmpty ? Catalog.shipped.names(of: .runtime) : runtimes
      let loaded = try names.map { try resolver.runtime($0) }
      let provenance = resolver.provenance
      let chips = try Catalog.shipped.names(of: .chip).map { try resolver.chip($0) }
      let rows = zip(names, loaded).map { RuntimeCheckRow(name: $0, $1, chips: chips) }
      try output.emit(rows, columns: RuntimeCheckRow.columns, provenance: provenance)
      if loaded.contains(where: { $0.profiles.isEmpty }) { throw ExitCode(1) }
    }
  }
}

/// One runtime that was read, and how many of the shipped chips it serves.
private struct RuntimeCheckRow: Sendable {
  let name: String
  let profiles: Int
  let unverified: Int
  let served: Int
  let unserved: Int

  init(name: String, _ runtime: Runtime, chips: [Chip]) {
    self.name = name
    profiles = runtime.profiles.count
    unverified = runtime.profiles.reduce(0) { $0 + $1.unverifiedFigures.count }
    served = chips.filter { runtime.profile(for: $0) != nil }.count
    unserved = chips.count - served
  }

  static let columns: [Column<RuntimeCheckRow>] = [
    .text("runtime") { $0.name }, .integer("profiles") { $0.profiles },
    .integer("unverified") { $0.unverified }, .integer("chips_served") { $0.served },
    .integer("chips_unserved") { $0.unserved },
  ]
}
