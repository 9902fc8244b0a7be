import ArgumentParser
import Eaves
import EavesReport

/// `eaves formats`: number formats and weight schemes.
struct FormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats", abstract: "Number formats and the file mixtures made of them.",
    discussion: """
      Groups are written ELEMENT/GROUP+SCALE[+zBITS]: int4/128+f16 or int4/128+f16+z4.

      EXAMPLE: eaves formats show int4/128+f16+z4
      """,
    subcommands: [List.self, Show.self, Check.self, QualityCommand.self, Measure.self])

  struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Round the weights of a model's file and measure the error (by eaves-kernels).",
      discussion: "EXAMPLE: eaves formats measure ./model.gguf --formats q8_0,q4_k_m,q4_0")

    @Argument(parsing: .captureForPassthrough, help: "Options of eaves-kernels formats measure.")
    var rest: [String] = []

    func run() throws { try Companion.run(["formats", "measure"] + rest) }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the formats that have names.", discussion: "EXAMPLE: eaves formats list")

    @OptionGroup var output: OutputOptions

    func run() throws {
      let formats = ShippedFormats.all.map { FormatRow($0) }
      let mixtures = WeightScheme.mixtureNames.filter { name in
        !ShippedFormats.all.contains { $0.name == name }
      }
      try output.emit(
        formats + mixtures.map { FormatRow(mixture: $0) }, columns: FormatRow.columns)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one format, or the rules of a mixture.",
      discussion: "EXAMPLE: eaves formats show q4_k_m")

    @Argument(help: "A format or a mixture.")
    var format: String

    @OptionGroup var output: OutputOptions

    func run() throws {
      try output.emit(try FormatRow.rows(of: format), columns: FormatRow.columns)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read formats and print them back; exit 1 where one is none.",
      discussion: "EXAMPLE: eaves formats check q4_k int4/128+f16 nf4")

    @Argument(help: "Formats; all shipped ones where none is named.")
    var formats: [String] = []

    @OptionGroup var output: OutputOptions

    func run() throws {
      let names = formats.isEmpty ? ShippedFormats.all.map(\.name) : formats
      let rows = names.map { FormatCheckRow($0) }
      try output.emit(rows, columns: FormatCheckRow.columns)
      let wrong = rows.filter { $0.readBack == nil }.count
      Output.error("\(names.count) formats, \(wrong) cannot be read")
      if wrong > 0 { throw ExitCode(1) }
    }
  }
}

/// One format as it was read back, or why it is none.
private struct FormatCheckRow: Sendable {
  let name: String
  let readBack: String?
  let problem: String?

  init(_ name: String) {
    self.name = name
    do {
      readBack = try WeightScheme(parsing: name).name
      problem = nil
    } catch {
      readBack = nil
      problem = error.description
    }
  }

  static let columns: [Column<FormatCheckRow>] = [
    .text("format") { $0.name }, .text("read_back") { $0.readBack },
    .text("problem") { $0.problem },
  ]
}

/// One format, or one rule of a mixture.
private struct FormatRow: Sendable {
  let name: String
  let tensors: String?
  let format: NumberFormat?

  init(_ format: NumberFormat) {
    name = format.name
    tensors = nil
    self.format = format
  }

  init(mixture: String) {
    name = mixture
    tensors = "a mixture over a file"
    format = nil
  }

  private init(name: String, tensors: String, format: NumberFormat) {
    self.name = name
    self.tensors = tensors
    self.format = format
  }

  /// The rows of a format, or of a scheme: one for each tensor role in a model of 32 layers.
  static func rows(of text: String) throws -> [FormatRow] {
    if let format = try? NumberFormat(parsing: text) { return [FormatRow(format)] }
    do {
      return try mixture(WeightScheme(parsing: text))
    } catch {
      throw ValidationError("\(error.problem); \(error.remedy)")
    }
  }

  private static func mixture(_ scheme: WeightScheme) -> [FormatRow] {
    let layers = 32
    let roles: [TensorRole] = [
      .embedding, .head, .query, .key, .value, .attentionOutput, .gate, .up, .down, .norm,
    ]
    return roles.flatMap { role in
      var order: [NumberFormat] = []
      var counts: [NumberFormat: Int] = [:]
      for layer in 0..<layers {
        let format = scheme.format(
          of: TensorPlace(role: role, layer: layer, layers: layers, rowLength: 4096))
        if counts[format] == nil { order.append(format) }
        counts[format, default: 0] += 1
      }
      return order.map { format in
        let share = order.count > 1 ? " (\(counts[format] ?? 0) of \(layers) layers)" : ""
        return FormatRow(name: scheme.name, tensors: "\(role)\(share)", format: format)
      }
    }
  }

  static let columns: [Column<FormatRow>] = [
    .text("name") { $0.name },
    .text("tensors") { $0.tensors },
    .text("format") { $0.format?.name },
    Column(
      name: "bits_per_weight", alignment: .right, display: { "\($0)" },
      value: { Cell($0.format?.bitsPerElement) }),
    .integer("block_elements") { $0.format?.blockElements },
    .text("expansion") { $0.format?.expansion.name },
    .text("native_multiply") { $0.format?.multiply.rawValue },
  ]
}
