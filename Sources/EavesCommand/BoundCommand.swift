import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport

/// `eaves bound`: the main job.
struct BoundCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bound",
    abstract: "Compute or bandwidth bound: where, by how much, and what would change it.",
    discussion: """
      EXAMPLE: eaves bound llama-3.1-8b --on apple-m2-max-38 --weights q4_k_m --context 8k
      """)

  @Argument(help: "A shipped model, or a path to a model file or a Hugging Face config.json.")
  var model: String

  @ArgumentParser.Option(
    name: .customLong("on"),
    help: ArgumentHelp("\(Eaves.Option.chip.help)", valueName: "chip"))
  var chip: String

  @OptionGroup var options: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let resolver = Resolver()
    let axes = try options.axes().setting(.model, to: [model]).setting(.chip, to: [chip])
    let format = output.format()
    guard format == .table else {
      var rows: [ResultRow] = []
      try Sweep(axes: axes).run(resolver) { rows.append($0) }
      let columns = ResultColumns.columns(withRequest: axes.haveRequest)
      try output.emit(rows, columns: columns, provenance: resolver.provenance)
      return
    }
    var reports: [String] = []
    try Grid(axes).forEach { values in
      let plan = try resolver.plan(values)
      let report = BoundReport(
        plan, try Settings(values).step, unverified: resolver.unverifiedFigures)
      reports.append(report.text())
    }
    try output.emit(Array((reports.joined(separator: "\n\n\n") + "\n").utf8), format)
  }
}
