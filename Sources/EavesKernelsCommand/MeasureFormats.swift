import ArgumentParser
import Eaves
import EavesBlocks
import EavesCatalog
import EavesKernels
import EavesReport
import Quantities

/// `eaves-kernels formats`: what formats do to the weights of a file.
struct Formats: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What number formats do to real weights.", subcommands: [Measure.self])

  struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Round the weights of a GGUF or safetensors model and measure the error beside the cost.",
      discussion: """
        Every projection is rounded to each format as a file of it would store it, and held against \
        the weights as they are stored: a file that is quantised already shows what is lost on top. \
        Formats: \(QuantiserList.standard.joined(separator: ", ")), other groups (int4/64+f16), and \
        llama.cpp file types of such blocks (q4_k_m). docs/formats.md tells what the columns mean.

        EXAMPLE: eaves formats measure ./model.gguf --formats q8_0,q4_k_m,q4_0
        """)

    @Argument(help: "A .gguf or .safetensors file, an index of such, or a folder.")
    var file: String

    @ArgumentParser.Option(help: "Formats, separated by commas.")
    var formats: String =
      "f16,q8_0,f8e4m3,q6_k,q5_k_m,q5_0,q4_1,q4_k_m,q4_0,nf4,mxfp4,"
      + "int4/128+f16+z4,int4/128+f16,q3_k_m,int3/128+f16+z3,q2_k,int2/128+f16+z2,tq2_0,ternary,"
      + "binary/128+f16"

    @ArgumentParser.Option(help: "Rows of each matrix that are read, evenly spread; or all.")
    var rows: String = "64"

    @ArgumentParser.Option(help: "Seed of the activations that outputs are formed with.")
    var seed: UInt64 = 1

    @ArgumentParser.Option(
      name: .customLong("on"),
      help: ArgumentHelp(
        "A chip: what a decode step would cost there in each format.", valueName: "chip"))
    var chip: String?

    @Flag(name: .customLong("by-tensor"), help: "A row for every matrix instead of their sum.")
    var byTensor = false

    @OptionGroup var table: TableOutput

    func run() throws {
      do {
        try measure()
      } catch let error as DataError {
        StandardError.line("eaves: \(error.description)")
        throw ExitCode(error.kind.exitCode)
      }
    }

    private func measure() throws {
      let schemes = try schemes()
      let count = try rowCount()
      let target = try table.target()
      let files = try WeightFiles(path: file)
      let model = try Model(files)
      let resolver = Resolver()
      let study = FormatStudy(model: model, files: files, rows: count, seed: seed)
      var progress = CalibrationProgress()
      let results = try study.measure(schemes) { progress.show($0) }
      progress.finish()
      var rows: [MeasuredFormat] = []
      for (all, each) in results {
        let cost = try FormatCost(model, path: file, all.scheme, on: chip, resolver)
        rows += (byTensor ? each : [all]).map {
          MeasuredFormat(model: model, result: $0, cost: cost)
        }
      }
      let columns = MeasuredFormat.columns(byTensor: byTensor, withChip: chip != nil)
      try table.emit(
        rows, columns: columns,
        inputs: [Provenance.Input(kind: "model", id: file, hash: files.hash)], to: target)
      model.noteStoredLoss()
    }

    private func schemes() throws -> [WeightScheme] {
      var schemes: [WeightScheme] = []
      for text in formats.split(separator: ",", omittingEmptySubsequences: false) {
        do throws(FormatError) {
          schemes.append(try WeightScheme(parsing: String(text)))
        } catch {
          throw ValidationError("--formats: \(error.problem); \(error.remedy)")
        }
      }
      return schemes
    }

    private func rowCount() throws -> Int? {
      if rows == "all" { return nil }
      guard let count = Int(rows), (1...1_000_000).contains(count) else {
        throw ValidationError("--rows: \"\(rows)\" is no count; write 1 to 1000000, or all")
      }
      return count
    }
  }
}
