import Eaves
import EavesCatalog
import Testing

/// What is quoted of which table: losses against the definition, and never two tables in one comparison.
@Suite struct QualityEvidenceTests {
  private let shipped: QualityEvidence

  init() throws { shipped = try Resolver().quality() }

  /// `docs/validation.md`: a loss is against the baseline of the same table, or there is none.
  @Test func lossesAreAgainstTheSameTable() throws {
    var stated = 0
    for record in shipped.records {
      let baselines = shipped.records.filter {
        $0.isBaseline && $0.model == record.model && $0.axis == record.axis
          && $0.table.source == record.table.source && $0.table.context == record.table.context
          && $0.table.dataset == record.table.dataset
          && $0.table.generation == record.table.generation
      }
      guard let loss = shipped.loss(record) else {
        #expect(baselines.isEmpty, "\(record.id)")
        continue
      }
      let baseline = try #require(baselines.first)
      #expect(baselines.count == 1, "\(record.id)")
      let wanted =
        record.table.metric == .score
        ? (baseline.result - record.result) / baseline.result
        : (record.result - baseline.result) / baseline.result
      #expect(abs(loss - wanted) < 1e-12, "\(record.id)")
      stated += 1
    }
    #expect(stated > 40)
  }

  /// The excess over F16 that techniques.md 7.4 prints, in per cent.
  @Test(arguments: [
    ("q6_k", 0.07), ("q5_k_m", 0.24), ("q5_k_s", 0.60), ("q4_k_m", 0.91), ("q4_k_s", 1.95),
    ("q3_k_l", 3.05), ("q3_k_m", 4.13), ("q3_k_s", 9.32), ("q2_k", 14.73),
  ])
  func excessOfKQuants(format: String, percent: Double) throws {
    let records = shipped.records(of: "llama-1-7b", axis: "weights", value: format)
    let record = try #require(records.first)
    let loss = try #require(shipped.loss(record))
    #expect(abs(100 * loss - percent) < 0.0051)
  }

  @Test func everyFormatOfAnOptionReads() {
    for record in shipped.records
    where record.axis == "weights" && !record.note.contains("no option") {
      let name = try? WeightScheme(parsing: record.value).name
      #expect(name == record.value || record.value == "q3_k_xs", "\(record.id)")
    }
  }

  @Test func modelsAreShipped() throws {
    for model in Set(shipped.records.map(\.model)) where model != "t5-xxl" {
      #expect((try? Catalog.shipped.model(named: model).value.id) == model)
    }
  }

  @Test func oneTableAnswersAComparison() throws {
    let values = ["f16", "int4/128+f16+z4", "int3/128+f16+z3", "int2/128+f16", "iq3_xxs"]
    let table = try #require(shipped.table(for: "llama-2-7b", axis: "weights", values: values))
    #expect(table.source == "AWQ Table 4" && table.context == 2048)
    func statement(_ value: String) -> QualityStatement? {
      shipped.statement(of: "llama-2-7b", axis: "weights", value: value, in: table)
    }
    let loss = try #require(statement("int4/128+f16+z4")?.loss)
    #expect(abs(loss - (5.73 / 5.47 - 1)) < 1e-12)
    #expect(statement("int4/128+f16+z4")?.evidence.contains("AWQ 5.60 (+2.38 %)") == true)
    #expect(statement("int2/128+f16")?.loss == nil)
    #expect(statement("int2/128+f16")?.evidence.contains("none in the table compared by") == true)
    #expect(statement("q4_k_m") == nil)
    #expect(shipped.table(for: "llama-3.1-8b", axis: "weights", values: ["f16", "q4_k_m"]) == nil)
    // Llama 1 says nothing of Llama 2.
    #expect(shipped.table(for: "llama-2-7b", axis: "weights", values: ["q4_k_m", "q2_k"]) == nil)
  }

  @Test func aTableWithoutABaselineStatesNoLoss() throws {
    let statement = try #require(
      shipped.statement(of: "llama-2-7b", axis: "weights", value: "int2/128+f16"))
    #expect(statement.loss == nil)
    #expect(statement.evidence.contains("50.75, without a baseline"))
    #expect(statement.evidence.contains("unverified"))
  }

  @Test func students() throws {
    let statement = try #require(
      shipped.statement(of: "tinybert-4-312", axis: "model", value: "tinybert-4-312"))
    let loss = try #require(statement.loss)
    #expect(abs(loss - (1 - 77.0 / 79.5)) < 1e-12)
    #expect(statement.evidence.contains("against bert-base"))
  }

  @Test func rows() throws {
    func quality(_ values: [Option: String]) throws -> QualityStatement? {
      let chip: [Option: String] = [.chip: "nvidia-a100-sxm-80"]
      return try Resolver().plan(values.merging(chip) { $1 }).labels.quality
    }
    #expect(try quality([.model: "llama-3.1-8b"])?.loss == 0)
    #expect(try quality([.model: "llama-3.1-8b", .weights: "q4_k_m"]) == QualityStatement.none)
    #expect(try quality([.model: "llama-3.1-8b", .weights: "bf16"])?.loss == 0)
    #expect(try quality([.model: "llama-3.1-8b", .kv: "q8_0"]) == QualityStatement.none)
    #expect(try quality([.model: "llama-3.1-8b", .cache: "paged:16"])?.loss == 0)
    #expect(try quality([.model: "llama-3.1-8b", .cache: "sinks:4+1020"]) == QualityStatement.none)
    let exits = "early-exit:exits=8@0.25+16@0.5"
    #expect(try quality([.model: "llama-3.1-8b", .decoding: exits]) == QualityStatement.none)
    #expect(try quality([.model: "llama-3.1-8b", .sparsity: "heads:0.5"]) == QualityStatement.none)
    let both = try quality([.model: "llama-2-7b", .weights: "awq", .kv: "q8_0"])
    #expect(both?.loss == nil)
    #expect(
      both?.evidence.hasPrefix("none together; weights int4/128+f16+z4 alone: perplexity") == true)
    let stored = try quality([.model: WeightFixture.path("tiny.gguf")])
    #expect(stored?.loss == nil && stored?.evidence == "none of the weights as stored")
  }

  @Test func provenanceNamesWhatIsQuoted() throws {
    func inputs(_ weights: String) throws -> [Resolver.Input] {
      let resolver = Resolver()
      _ = try resolver.plan([.model: "llama-2-7b", .chip: "rpi-5", .weights: weights])
      return resolver.inputs.filter { $0.kind == .evidence }
    }
    #expect(try inputs("q4_k_m").isEmpty)
    #expect(try inputs("awq").map(\.unverified) == [[]])
    #expect(try inputs("int2/128+f16").map(\.unverified) == [["2bit-gptq-2.125"]])
  }
}
