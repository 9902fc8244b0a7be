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

    func run() throws {
      let resolver = Resolver()
      let names = runtimes.isEmpty ? Catalog.shipped.names(of: .runtime) : runtimes
      var failed = false
      for name in names {
        let runtime = try resolver.runtime(name)
        let unserved = try Catalog.shipped.names(of: .chip).filter {
          runtime.profile(for: try resolver.chip($0)) == nil
        }
        let unverified = runtime.profiles.reduce(0) { $0 + $1.unverifiedFigures.count }
        Output.print(
          "\(name): \(runtime.profiles.count) profiles, \(unverified) unverified constants, "
            + (unserved.isEmpty ? "every shipped chip served" : "no profile for \(unserved.count) chips"))
        failed = failed || runtime.profiles.isEmpty
      }
      if failed { throw ExitCode(1) }
    }
  }
}
