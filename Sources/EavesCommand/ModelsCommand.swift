import ArgumentParser
import Eaves
import EavesCatalog
import EavesReport
import Quantities

/// `eaves models`: what is shipped, and whether counts equal what was published.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "The model zoo, and where its figures come from.",
    discussion: "EXAMPLE: eaves models show gpt-oss-20b",
    subcommands: [List.self, Show.self, Check.self, Train.self, Measure.self])

  struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Run a decoder's file on a text under cheaper formats, caches and sparsity (by eaves-kernels).",
      discussion:
        "EXAMPLE: eaves models measure ./model.gguf --text book.txt --across weights=q8_0,q4_k_m")

    @Argument(parsing: .captureForPassthrough, help: "Options of eaves-kernels models measure.")
    var rest: [String] = []

    func run() throws { try Companion.run(["models", "measure"] + rest) }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the shipped models.", discussion: "EXAMPLE: eaves models list --format csv")

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let rows = try Catalog.shipped.names(of: .model).map { name in
        ModelRow(try resolver.model(name))
      }
      try output.emit(rows, columns: ModelRow.columns, provenance: resolver.provenance)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one model: shapes, counts, source.",
      discussion: "EXAMPLE: eaves models show gemma-3-27b")

    @Argument(help: "A shipped model, or a path.")
    var model: String

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let model = try resolver.model(model)
      if let error = ModelChoices(model, Settings()).refusal(of: model) { throw error }
      try output.emit(
        Fact.of(model), columns: Fact.columns, provenance: resolver.provenance)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hold counts against what was published; exit 1 where they differ.",
      discussion: "EXAMPLE: eaves models check llama-3.1-8b ./mine.json")

    @Argument(help: "Models or paths; all shipped ones where none is named.")
    var models: [String] = []

    @OptionGroup var output: OutputOptions

    func run() throws {
      let resolver = Resolver()
      let names = models.isEmpty ? Catalog.shipped.names(of: .model) : models
      var rows: [CheckRow] = []
      for name in names {
        let model = try resolver.model(name)
        rows += CompiledModel(model, Settings()).checked.map { CheckRow(model: model.id, $0) }
      }
      try output.emit(rows, columns: CheckRow.columns, provenance: resolver.provenance)
      let wrong = rows.filter { !$0.check.isEqual }.count
      Output.error("\(rows.count) figures of \(names.count) models, \(wrong) differ")
      if wrong > 0 { throw ExitCode(1) }
    }
  }
}

/// One model in a list.
private struct ModelRow: Sendable {
  let model: Model
  let inventory: Inventory
  let attention: String
  let kvBytesPerToken: Bytes

  init(_ model: Model) {
    self.model = model
    let compiled = CompiledModel(model, Settings())
    inventory = compiled.inventory
    attention = compiled.attentionLabel
    kvBytesPerToken = compiled.growingCacheBytesPerToken
  }

  static let columns: [Column<ModelRow>] = [
    .text("model") { $0.model.id },
    .text("kind") { $0.model.kind.rawValue },
    .integer("parameters") { Int($0.inventory.parameters) },
    .integer("active_parameters") { Int($0.inventory.active.rounded()) },
    .integer("layers") { $0.model.layers.count },
    .integer("hidden_size") { $0.model.hiddenSize },
    .text("attention") { $0.attention },
    .quantity("kv_cache_per_token") { $0.kvBytesPerToken },
    .integer("max_context_tokens") { $0.model.maxContext },
    .text("published_weights") { $0.model.publishedScheme.name },
    .boolean("verified") { $0.model.isVerified },
  ]
}

/// One published figure of a model beside the count.
private struct CheckRow: Sendable {
  let model: String
  let check: CompiledModel.Check

  init(model: String, _ check: CompiledModel.Check) {
    self.model = model
    self.check = check
  }

  static let columns: [Column<CheckRow>] = [
    .text("model") { $0.model },
    .text("figure") { $0.check.figure },
    .integer("published") { Int($0.check.published) },
    .integer("counted") { Int($0.check.counted) },
    .boolean("equal") { $0.check.isEqual },
  ]
}

/// A name and a value, for `show`.
struct Fact: Sendable {
  let field: String
  let value: String

  static let columns: [Column<Fact>] = [
    .text("field") { $0.field }, .text("value") { $0.value },
  ]

  static func of(_ model: Model) -> [Fact] {
    let compiled = CompiledModel(model, Settings())
    let inventory = compiled.inventory
    var facts = [
      Fact(field: "id", value: model.id), Fact(field: "name", value: model.name),
      Fact(field: "family", value: model.family), Fact(field: "kind", value: model.kind.rawValue),
      Fact(field: "hidden_size", value: "\(model.hiddenSize)"),
    ]
    if let image = model.image {
      facts += [
        Fact(field: "image_size", value: "\(image.side)"),
        Fact(field: "tokens of an image", value: "\(model.maxContext)"),
      ]
    } else {
      facts += [
        Fact(field: "vocabulary", value: "\(model.vocabulary)"),
        Fact(field: "tied_embeddings", value: "\(model.hasTiedEmbeddings)"),
        Fact(field: "max_context", value: "\(model.maxContext)"),
      ]
    }
    facts.append(Fact(field: "layers", value: "\(model.layers.count)"))
    for (name, block) in model.blocks.sorted(by: { $0.key < $1.key }) {
      let count = model.layers.filter { $0 == name }.count
      facts.append(Fact(field: "block \(name), \(count) layers", value: block.summary))
    }
    let state = compiled.stateBytes(batch: 1)
    facts += [
      Fact(field: "parameters", value: grouped(Int(inventory.parameters))),
      Fact(field: "active, with embeddings", value: grouped(Int(inventory.active.rounded()))),
      Fact(
        field: "active, without input embedding",
        value: grouped(Int(inventory.activeWithoutInputEmbedding.rounded()))),
      Fact(
        field: "active, without embeddings",
        value: grouped(Int(inventory.activeWithoutEmbeddings.rounded()))),
      Fact(
        field: "weights as published",
        value:
          "\(inventory.weightBytes.display) at \(significant(inventory.bitsPerWeight, digits: 4)) "
          + "bits a weight"),
      Fact(
        field: "KV cache a token",
        value: "\(grouped(Int(compiled.growingCacheBytesPerToken.value))) B"),
    ]
    if state > .zero {
      facts.append(Fact(field: "recurrent state", value: "\(grouped(Int(state.value))) B"))
    }
    if let stored = model.stored { facts += of(stored) }
    facts += [
      Fact(field: "source", value: model.source),
      Fact(field: "verified", value: "\(model.isVerified)"),
    ]
    return facts + model.notes.map { Fact(field: "note", value: $0) }
  }
  /// Where the bytes of a file of weights go.
  private static func of(_ stored: StoredWeights) -> [Fact] {
    let account = stored.account
    var facts = [
      Fact(field: "formats as stored", value: stored.name),
      Fact(field: "files", value: "\(account.files)"),
      Fact(field: "tensors", value: "\(account.tensors)"),
    ]
    let bytes = [
      ("file_bytes", account.fileBytes), ("header_bytes", account.headerBytes),
      ("padding_bytes", account.paddingBytes), ("weight_bytes", account.weightBytes),
      ("other_tensor_bytes", account.otherBytes),
    ]
    facts += bytes.map { Fact(field: $0.0, value: grouped($0.1)) }
    return facts
  }
}
