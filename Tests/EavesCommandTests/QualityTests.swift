import Testing

/// Quality beside cost, as the command prints it.
@Suite struct QualityTests {
  private static let compare = "compare llama-1-7b --on nvidia-a100-sxm-80 --context 2k --across"

  private func texts(_ outcome: Outcome, _ column: String) throws -> [String] {
    try Table(csv: outcome.output).rows.map { $0[column] ?? "-" }
  }

  @Test func compareMarksTheCliff() throws {
    let formats = "weights=f16,q5_k_m,q4_k_m,q3_k_m,q3_k_s,q2_k"
    let outcome = try eaves("\(Self.compare) \(formats) --format csv")
    #expect(outcome.code == 0)
    let evidence = try texts(outcome, "quality_evidence")
    #expect(
      evidence.map { $0.hasPrefix("the cliff, first past 5 %: ") } == [
        false, false, false, false, true, false,
      ])
    #expect(evidence.last?.hasPrefix("past 5 %: perplexity") == true)
    #expect(outcome.error.contains("quality: q3_k_s is the first past 5 %, at +9.32 %"))
    let table = try eaves("\(Self.compare) \(formats)")
    let marks = table.lines.map { line in
      ["within", "cliff", "past"].filter { line.contains("  \($0) ") }
    }
    #expect(
      marks == [[], ["within"], ["within"], ["within"], ["within"], ["cliff"], ["past"]])
    let stricter = try eaves("\(Self.compare) \(formats) --format csv --max-loss 0.5%")
    #expect(stricter.error.contains("quality: q4_k_m is the first past 0.5 %, at +0.91 %"))
  }

  @Test func noTableNoCliff() throws {
    let outcome = try eaves(
      "compare llama-3.1-8b --on nvidia-a100-sxm-80 --across weights=bf16,q4_k_m --format csv")
    outcome.expectSuccess()
    #expect(try texts(outcome, "quality_evidence") == ["weights as published", "none"])
  }

  @Test(arguments: ["x", "-1", "5%%", "nan", ""])
  func badShares(share: String) throws {
    let line = "\(Self.compare) weights=f16,q2_k --max-loss=\(share)"
    try eaves(line).expectRefusal(64, naming: ["--max-loss"])
  }

  @Test func formatsQuality() throws {
    let outcome = try eaves("formats quality llama-2-13b --format csv")
    outcome.expectSuccess()
    #expect(Set(try texts(outcome, "model")) == ["llama-2-13b"])
    #expect(try texts(outcome, "source").allSatisfy { $0 == "AWQ Table 4" })
    try eaves("formats quality lama-2-13b").expectRefusal(66, naming: ["llama-2-13b"])
  }
}
