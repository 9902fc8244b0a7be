import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport

/// `eaves compare`: one axis varied, on paper against realised.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Vary one axis: the gain on paper against the gain realised, with the reason.",
    discussion: """
      The first value is the baseline.

      EXAMPLE: eaves compare llama-3.1-8b --on nvidia-rtx4090 --across weights=f16,q8_0,q4_k_m,iq2_xs
      """)

  @Argument(help: "A shipped model, or a path; left out where the axis is model.")
  var model: String?

  @ArgumentParser.Option(
    name: .customLong("on"),
    help: ArgumentHelp("\(Eaves.Option.chip.help)", valueName: "chip"))
  var chip: String?

  @ArgumentParser.Option(
    help: ArgumentHelp(
      "The axis and its values; counts take ranges: context=1k..128k.",
      valueName: "axis=value,value"))
  var across: String

  @OptionGroup var options: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let axis = try Self.axis(across)
    var axes = try options.axes()
    if let model { axes = axes.setting(.model, to: [model]) }
    if let chip { axes = axes.setting(.chip, to: [chip]) }
    axes = axes.setting(axis.option, to: axis.values)
    guard axes.contains(where: { $0.option == .model }) else {
      throw ValidationError("no model is named; write a model's name or path")
    }
    guard axes.contains(where: { $0.option == .chip }) else {
      throw ValidationError("no chip is named; write --on CHIP")
    }
    let resolver = Resolver()
    let sweep = Sweep(axes: axes, baseline: [axis.option: axis.values[0]])
    var rows: [ResultRow] = []
    let refused = try sweep.run(resolver) { rows.append($0) }
    let columns =
      output.format() == .table
      ? ResultColumns.comparison(of: axis.option)
      : ResultColumns.columns(withRequest: axes.haveRequest)
    try output.emit(rows, columns: columns, provenance: resolver.provenance)
    Output.report(refused)
  }

  static func axis(_ text: String) throws -> Axis {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw ValidationError("--across: \"\(text)\" is no axis; write axis=value,value")
    }
    guard let option = Eaves.Option(named: parts[0]) else {
      let near = Suggestion.nearest(parts[0], among: Eaves.Option.allCases.map(\.rawValue))
      let known = Eaves.Option.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "--across: there is no axis \"\(parts[0])\"; "
          + (near.isEmpty
            ? "the axes are \(known)" : "did you mean \(near.joined(separator: ", "))?"))
    }
    return try Axis(option, parsing: parts[1])
  }
}
