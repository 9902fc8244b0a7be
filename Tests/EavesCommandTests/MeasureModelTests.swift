import Foundation
import Testing

/// `eaves models measure` on small decoders whose perplexity numpy has worked out in float64.
@Suite struct MeasureModelTests {
  static let folder: String = {
    let target = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(target)/EavesCatalogTests/Fixtures/language/"
  }()

  private struct Expected: Decodable {
    struct Entry: Decodable {
      let file: String
      let context: Int
      let windows: Int
      let scored: Int
      let perplexity: Double
    }
    let models: [Entry]
  }

  private func measure(_ file: String, _ options: String) throws -> Outcome {
    try eaves(
      "models measure \(Self.folder)\(file) --text \(Self.folder)talk.txt --context 32 --windows 6 --threads 1 "
        + options)
  }

  @Test func perplexityIsThatOfTheDefinition() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.folder + "expected.json"))
    let expected = try JSONDecoder().decode(Expected.self, from: data).models
    #expect(expected.map(\.file) == ["llama.gguf", "qwen2.gguf", "qwen3.gguf"])
    for entry in expected {
      let outcome = try measure(entry.file, "--format csv")
      let table = try Table(csv: outcome.output)
      #expect(outcome.code == 0 && table.rows.count == 1)
      let row = table.rows[0]
      #expect(row["scored_tokens"] == "\(entry.scored)" && row["windows"] == "\(entry.windows)")
      let found = try #require(Double(row["perplexity"] ?? ""))
      #expect(abs(found / entry.perplexity - 1) < 1e-5, "\(entry.file)")
    }
  }

  @Test func rowsAreHeldAgainstTheModelAsStored() throws {
    let outcome = try measure("qwen3.gguf", "--across weights=f16,q8_0,q4_0 --format csv")
    let table = try Table(csv: outcome.output)
    #expect(
      table.columns == [
        "model", "weights", "kv", "cache", "pattern", "sparsity", "context_tokens", "windows",
        "scored_tokens", "perplexity", "perplexity_spread", "quality_loss_ratio",
        "quality_loss_spread_ratio", "divergence_nats", "divergence_spread_nats",
        "same_top_ratio", "weights_resident_bytes", "kv_cache_bytes",
      ])
    #expect(table.rows.count == 4 && table.rows[0]["quality_loss_ratio"] == "")
    let divergences = table.rows.dropFirst().compactMap { Double($0["divergence_nats"] ?? "") }
    // The file is in f16: rounding to it changes nothing.
    #expect(divergences.count == 3 && divergences[0] < 1e-6)
    #expect(divergences[0] < divergences[1] && divergences[1] < divergences[2])
    let bytes = table.rows.compactMap { Int($0["weights_resident_bytes"] ?? "") }
    #expect(bytes[1] > bytes[2] && bytes[2] > bytes[3])
    #expect(outcome.error.contains("OpenBLAS"))
    // The cliff is the first of them past what is allowed, from the most bytes down.
    let losses = table.rows.dropFirst().compactMap { Double($0["quality_loss_ratio"] ?? "") }
    let allowed = (losses[1] + losses[2]) / 2
    let strict = try measure(
      "qwen3.gguf", "--across weights=f16,q8_0,q4_0 --max-loss \(allowed)")
    #expect(strict.error.contains("q4_0 is the first past") == (losses[2] > losses[1]))
  }

  @Test func optionsAreCombined() throws {
    let outcome = try measure(
      "qwen2.gguf",
      "--across kv=f16,q4_0 --across sparsity=dense,neurons:0.25,heads:0.5 --format csv")
    let rows = try Table(csv: outcome.output).rows
    #expect(rows.count == 7)
    #expect(rows.map { $0["kv"] } == ["f32", "f16", "f16", "f16", "q4_0", "q4_0", "q4_0"])
    #expect(rows[2]["sparsity"] == "neurons:0.25" && rows[6]["sparsity"] == "heads:0.5")
    #expect(rows[4]["kv_cache_bytes"] != rows[1]["kv_cache_bytes"])
    // Half of the heads take one of two groups with them.
    #expect(
      Int(rows[3]["kv_cache_bytes"] ?? "") == Int(rows[1]["kv_cache_bytes"] ?? "").map { $0 / 2 })
    let losses = rows.dropFirst().compactMap { Double($0["divergence_nats"] ?? "") }
    #expect(losses.count == 6 && losses[0] < losses[3] && losses[0] < losses[1])
  }

  @Test(arguments: [
    "--across cache=sinks:2+14,h2o:8+8,tova:12,scissorhands:12,snapkv:8+4",
    "--across pattern=window:8,sinks:2+6", "--across sparsity=2:4,unstructured:0.5,layers:0.5",
    "--across sparsity=activations:0.5",
  ])
  func everyChoiceIsExecuted(options: String) throws {
    let outcome = try measure("llama.gguf", options + " --format csv")
    #expect(outcome.code == 0, "\(outcome.error)")
    let rows = try Table(csv: outcome.output).rows.dropFirst()
    let divergences = rows.compactMap { Double($0["divergence_nats"] ?? "") }
    #expect(divergences.count == rows.count && divergences.allSatisfy { $0 > 1e-6 })
  }

  @Test(arguments: [
    ("--across chip=rpi-5", 64, "is not varied here"), ("--across weights", 64, "has no"),
    ("--across weights=q9", 64, "q9"), ("--across cache=h2o:0.2", 64, "kivi:BITS"),
    ("--across kv=q4_k", 64, "256"), ("--across kv=iq2_xs", 64, "iq2_xs"),
    ("--across pattern=bidirectional", 64, "causal"),
    ("--across sparsity=heads:0.01", 64, "is none"), ("--windows 0", 64, "--windows"),
    ("--across weights=f16,aqlm", 66, "aqlm"),
    ("--threads 0", 64, "--threads"), ("--format xml", 64, "--format"),
    ("--max-loss much", 64, "--max-loss"),
  ])
  func badOptionsAreRefused(options: String, code: Int32, text: String) throws {
    let outcome = try measure("llama.gguf", options)
    #expect(outcome.code == code && outcome.error.contains(text), "\(outcome.error)")
    #expect(outcome.output.isEmpty)
  }

  @Test func badFilesAreRefused() throws {
    let weights = Self.folder + "../weights/"
    let text = "--text \(Self.folder)talk.txt"
    for (words, code, part) in [
      ("\(weights)tiny.safetensors \(text)", 65, "GGUF"),
      ("\(Self.folder)llama.gguf --text \(Self.folder)none.txt", 66, "none.txt"),
      ("\(Self.folder)llama.gguf --text \(Self.folder)llama.gguf", 65, "UTF-8"),
      ("\(Self.folder)llama.gguf \(text) --context 4k", 65, "two windows"),
      ("\(Self.folder)none.gguf \(text)", 66, "none.gguf"),
    ] as [(String, Int32, String)] {
      let outcome = try eaves("models measure \(words)")
      #expect(outcome.code == code && outcome.error.contains(part), "\(words): \(outcome.error)")
      #expect(outcome.error.split(separator: "\n").count == 1)
    }
  }
}
