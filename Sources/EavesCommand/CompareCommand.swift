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
      The first value is the baseline. Along weights, published figures of one table of quality mark the cliff: the first
      format that loses more than --max-loss.

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

  @ArgumentParser.Option(
    name: .customLong("max-loss"),
    help: ArgumentHelp(
      "Along weights: the loss of quality that is still no cliff, such as 5% or 0.05.",
      valueName: "share"))
  var maxLoss: String = "5%"

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
    guard let allowed = ShareText.parse(maxLoss) else {
      throw ValidationError(
        "--max-loss: \"\(maxLoss)\" is no share; write \(ShareText.examples)")
    }
    let resolver = Resolver()
    let cliffs = try CliffFinder(axes, axis, resolver, allowed: allowed)
    let sweep = Sweep(axes: axes, baseline: [axis.option: axis.values[0]])
    var rows: [ResultRow] = []
    let refused = try sweep.run(resolver) { rows.append($0) }
    var columns =
      output.format() == .table
      ? ResultColumns.comparison(of: axis.option)
      : ResultColumns.columns(withRequest: axes.haveRequest)
    let cliff = cliffs?.cliff(rows)
    if let cliff { columns = columns.marking(cliff, inTable: output.format() == .table) }
    try output.emit(rows, columns: columns, provenance: resolver.provenance)
    Output.report(refused)
    if let cliff, let table = cliffs?.table { Output.error(cliff.sentence(of: table)) }
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

extension Substring {
  fileprivate func trimming(_ space: Character) -> String {
    String(reversed().drop { $0 == space }.reversed())
  }
}
