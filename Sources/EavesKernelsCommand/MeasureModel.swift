import ArgumentParser
import Eaves
import EavesCatalog
import EavesKernels
import EavesReport
import Quantities

/// `eaves-kernels models`: what a model of one's own says under choices of formats, caches and sparsity.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What a model says when it is made cheaper.", subcommands: [Measure.self])

  struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Run a GGUF decoder on a text: perplexity and divergence of cheaper configurations.",
      discussion: """
        The first row is the model as it is stored, with a cache in float32; every other row is held against it: by how \
        much perplexity rises, how far the probabilities of the next token are from its own (Kullback–Leibler, nats), \
        and how often both would choose the same token. Spreads are one standard error over the windows of the text. \
        Options that can be varied: weights, kv, cache, pattern, sparsity. docs/quality.md tells what is run.

        EXAMPLE: eaves models measure ./model.gguf --text book.txt --across weights=q8_0,q4_k_m,q2_k
        """)

    @Argument(help: "A .gguf file of a dense decoder (llama, qwen2, qwen3).")
    var file: String

    @ArgumentParser.Option(help: "A text in UTF-8; a window of 512 tokens is some 400 words.")
    var text: String

    @ArgumentParser.Option(
      help: ArgumentHelp(
        "An option and its values; several options are combined.", valueName: "axis=value,value"))
    var across: [String] = []

    @ArgumentParser.Option(help: "Tokens of a window; the second half of it is scored.")
    var context: String = "512"

    @ArgumentParser.Option(help: "Windows that are scored, of those that the text has.")
    var windows = 16

    @ArgumentParser.Option(
      name: .customLong("max-loss"),
      help: ArgumentHelp(
        "The rise of perplexity that is still no cliff, such as 5% or 0.05.", valueName: "share"))
    var maxLoss: String = "5%"

    @ArgumentParser.Option(help: "Threads of OpenBLAS, set explicitly; all processors by default.")
    var threads: Int?

    @OptionGroup var table: TableOutput

    func run() throws {
      do {
        try measure()
      } catch let error as DataError {
        StandardError.line("eaves: \(error.description)")
        throw ExitCode(error.kind.exitCode)
      } catch let error as OptionError {
        throw ValidationError(error.description)
      } catch let error as KernelError {
        throw ValidationError(error.description)
      }
    }

    private func measure() throws {
      let configurations = try configurations()
      guard let allowed = ShareText.parse(maxLoss) else {
        throw ValidationError(
          "--max-loss: \"\(maxLoss)\" is no share; write \(ShareText.examples)")
      }
      guard let context = TokenCount.parse(context), (8...Self.longestWindow).contains(context)
      else {
        throw ValidationError("--context: \"\(self.context)\" is no window; write 8 to 8k")
      }
      guard (1...100_000).contains(windows) else {
        throw ValidationError("--windows: \(windows) is out of range; write 1 to 100000")
      }
      let threads = threads ?? Topology.host.processors
      guard (1...256).contains(threads) else {
        throw ValidationError("--threads: \(threads) is out of range; write 1 to 256")
      }
      BLASThreads.set(threads)
      let target = try table.target()
      let files = try WeightFiles(path: file)
      let decoder = try DecoderFile(files)
      let test = try test(files, decoder.model, context)
      var study = QualityStudy(
        decoder: try StoredDecoder(decoder), context: context, test: test)
      for settings in configurations { try study.check(settings) }
      var progress = CalibrationProgress()
      var rows: [QualityStudy.Result] = []
      for (place, settings) in configurations.enumerated() {
        rows.append(
          try study.run(settings) { done in
            let share = Double(done) / Double(max(1, test.count))
            progress.show((Double(place) + share) / Double(configurations.count))
          })
      }
      progress.finish()
      let inputs = [
        Provenance.Input(kind: "model", id: file, hash: files.hash),
        Provenance.Input(kind: "text", id: text, hash: try TextFile.hash(path: text)),
      ]
      try table.emit(rows, columns: QualityStudy.Result.columns, inputs: inputs, to: target)
      StandardError.line("note: \(MatmulBLAS.configuration)")
      decoder.model.noteStoredLoss()
      if let sentence = cliff(rows, past: allowed) { StandardError.line(sentence) }
    }

    /// Scores of a window are formed whole, for a group of heads: 256 MiB a head at this length.
    private static let longestWindow = 8192

    /// The text as windows of tokens.
    private func test(
      _ files: WeightFiles, _ model: Model, _ context: Int
    ) throws -> TextTest {
      let vocabulary = try Vocabulary(files)
      guard vocabulary.tokens.count <= model.vocabulary else {
        throw DataError(
          file: file, field: "tokenizer.ggml.tokens",
          "lists \(vocabulary.tokens.count) tokens, and the table has \(model.vocabulary) rows",
          remedy: "the file is damaged; get it again")
      }
      let wanted = (windows + 1) * context
      let tokens = BytePairs(vocabulary).tokens(of: try TextFile.read(path: text), atMost: wanted)
      guard
        let test = TextTest(tokens, length: context, count: windows, first: vocabulary.first)
      else {
        throw DataError(
          file: text, "has \(tokens.count) tokens, and two windows have \(2 * context)",
          remedy: "name a longer text, or write a smaller --context")
      }
      return test
    }

    /// The model as it is first, then every combination that is asked for.
    private func configurations() throws -> [Settings] {
      var all = [Settings()]
      all[0].cache = Self.everything
      all[0].kv = .f32
      var combined = all
      for text in across {
        guard let sign = text.firstIndex(of: "=") else {
          throw ValidationError("--across: \"\(text)\" has no \"=\"; write weights=q8_0,q4_0")
        }
        let name = String(text[..<sign])
        guard let option = Eaves.Option(named: name), QualityStudy.options.contains(option) else {
          let known = QualityStudy.options.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("--across: \"\(name)\" is not varied here; write \(known)")
        }
        let axis = try Axis(option, parsing: String(text[text.index(after: sign)...]))
        combined = try combined.flatMap { settings in
          try axis.values.map { value in
            var settings = settings
            try settings.set(option, to: value)
            return settings
          }
        }
      }
      return across.isEmpty ? all : all + combined
    }

    /// A cache of every token.
    private static let everything = CachePolicyList.parse("full") ?? .rolling

    /// Where quality falls off along the weights, where these alone were varied.
    private func cliff(_ rows: [QualityStudy.Result], past allowed: Double) -> String? {
      guard across.count == 1, across[0].hasPrefix("weights=") else { return nil }
      let cliff = QualityCliff(
        rows.dropFirst().map { ($0.weights, $0.weightBytes.value, $0.loss?.mean) },
        allowed: allowed)
      let text = "perplexity, \(text), \(rows[0].score.count) windows of \(rows[0].context)"
      return cliff.sentence(of: text)
    }
  }
}
