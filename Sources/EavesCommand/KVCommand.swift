import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport
import Quantities

/// `eaves kv`: how the cache grows with the context, and where it stops fitting.
struct KVCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kv",
    abstract: "How the KV cache (or state) grows with the context, and where it stops fitting.",
    discussion: """
      EXAMPLE: eaves kv llama-3.1-8b gemma-3-27b --contexts 1k..128k --on apple-m2-max-38
      """)

  @Argument(help: "Models: shipped names, or paths.")
  var models: [String]

  @ArgumentParser.Option(help: "Tokens: a list 1k,4k,16k or a doubling range 1k..1M.")
  var contexts = "1k..128k"

  @ArgumentParser.Option(
    name: .customLong("on"), parsing: .upToNextOption,
    help: ArgumentHelp("Chips whose main memory it should fit.", valueName: "chip"))
  var chips: [String] = []

  @ArgumentParser.Option(help: "Sequences: a list 1,8 or a doubling range 1..64.")
  var batch = "1"

  @ArgumentParser.Option(help: "Formats of the KV cache, separated by commas.")
  var kv: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.weights.help)")
  var weights: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.attention.help)")
  var attention: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.pattern.help)")
  var pattern: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.cache.help)")
  var cache: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.sparsity.help)")
  var sparsity: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let resolver = Resolver()
    let contexts = try Axis(.context, parsing: self.contexts).values
    let batches = try Axis(.batch, parsing: batch).values
    let formats = try kv.map { try Axis(.kv, parsing: $0).values.map(Optional.some) } ?? [nil]
    let chips = try chips.flatMap { $0.split(separator: ",").map(String.init) }
      .map { (name) throws(DataError) in try resolver.chip(name) }
    var rows: [KVRow] = []
    for name in models {
      let model = try resolver.model(name)
      for format in formats {
        var values: [Eaves.Option: String] = [:]
        values[.kv] = format
        values[.weights] = weights
        values[.pattern] = pattern
        values[.cache] = cache
        values[.attention] = attention
        values[.sparsity] = sparsity
        let settings = try Settings(try resolver.expanded(values))
        if let error = ModelChoices(model, settings).refusal(of: model) { throw error }
        let compiled = CompiledModel(model, settings)
        for batch in batches {
          for context in contexts {
            values[.batch] = batch
            values[.context] = context
            let step = try Settings(values).step
            let row = KVRow(compiled, step)
            rows += chips.isEmpty ? [row] : chips.map { row.on($0) }
          }
        }
      }
    }
    try output.emit(
      rows, columns: chips.isEmpty ? KVRow.columns : KVRow.columns + KVRow.chipColumns,
      provenance: resolver.provenance)
  }
}

/// One row of `eaves kv`.
struct KVRow: Sendable {
  let model: String
  let batch: Int
  let context: Int
  let kv: String
  let cache: String
  let footprint: Footprint
  var chip: String?

  init(_ compiled: CompiledModel, _ step: StepSettings) {
    model = compiled.model.id
    batch = step.batch
    context = step.context
    kv = compiled.choices.kv.name
    cache = compiled.cacheLabel
    footprint = compiled.footprint(step, workspace: compiled.workspace(step))
  }

  /// The same on a chip.
  func on(_ chip: Chip) -> KVRow {
    var row = self
    row.chip = chip.id
    row.footprintOnChip = footprint.on(chip)
    return row
  }

  private var footprintOnChip: Footprint?

  static let columns: [Column<KVRow>] = [
    .text("model") { $0.model },
    .integer("batch") { $0.batch },
    .integer("context_tokens") { $0.context },
    .text("kv") { $0.kv },
    .text("cache") { $0.cache },
    .quantity("kv_cache") { $0.footprint.kvCache },
    .quantity("state") { $0.footprint.state },
    .quantity("weights_resident") { $0.footprint.weights },
  ]

  static let chipColumns: [Column<KVRow>] = [
    .text("chip") { $0.chip },
    .quantity("footprint") { $0.footprintOnChip?.total },
    .boolean("fits") { $0.footprintOnChip?.fits },
  ]
}
