import Foundation
import Testing

/// The names of columns: a contract, spelled out once more in `Contract`.
@Suite struct ColumnTests {
  static let request = "--prompt 512 --generate 64"
  static let results = [
    "bound llama-2-7b --on nvidia-a100-sxm-80",
    "compare llama-2-7b --on nvidia-a100-sxm-80 --across weights=f16,q8_0",
    "sweep my-study.json",
  ]

  @Test func csvHeadersAreAsTheyWere() throws {
    let place = try Sample.workplace()
    let lines = try (Self.results + ["kv llama-2-7b", "kv llama-2-7b --on rpi-5"]).map { line in
      "$ eaves \(line)\n" + (try eaves("\(line) --format csv", in: place).lines.first ?? "") + "\n"
    }
    try Snapshot.check(lines.joined(separator: "\n"), "csv-headers")
  }

  @Test(arguments: results)
  func resultRowsHaveEveryColumnOfTheContractInItsOrder(line: String) throws {
    let place = try Sample.workplace()
    let csv = try eaves("\(line) --format csv", in: place)
    csv.expectSuccess()
    #expect(try Table(csv: csv.output).columns == Contract.columns)
    #expect(try Document(eaves("\(line) --format json", in: place)).columns == Contract.columns)
    let ndjson = try eaves("\(line) --format ndjson", in: place)
    #expect(ndjson.lines.allSatisfy { keys(ofObject: $0) == Contract.columns })
    let markdown = try eaves("\(line) --format markdown", in: place).lines.first ?? ""
    let names = markdown.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(names == Contract.columns)
  }

  @Test(arguments: results.prefix(2))
  func aPromptAndTokensToGenerateAddTheColumnsOfARequest(line: String) throws {
    let table = try Table(csv: eaves("\(line) \(Self.request) --format csv").output)
    #expect(table.columns == Contract.columns + Contract.requestColumns)
    for row in table.rows {
      #expect(row["prompt_tokens"] == "512" && row["generate_tokens"] == "64")
      let (ttft, tpot) = (Double(row["ttft_s"] ?? "") ?? 0, Double(row["tpot_s"] ?? "") ?? 0)
      #expect(ttft > 0 && tpot > 0)
      // The first token comes with the prefill, the other 63 after it.
      #expect(abs((Double(row["request_s"] ?? "") ?? 0) / (ttft + 63 * tpot) - 1) < 1e-12)
    }
  }

  @Test func aStudyWithAPromptAndTokensToGenerateHasTheColumnsOfARequest() throws {
    let place = try Sample.workplace()
    let study = Sample.study.replacing(
      "\"context\"", with: "\"prompt\": 512, \"generate\": 64, \"context\"")
    try place.write(study, to: "request.json")
    let table = try Table(csv: eaves("sweep request.json", in: place).output)
    #expect(table.columns == Contract.columns + Contract.requestColumns)
  }

  @Test func theColumnsOfARequestDoNotDependOnWhetherTheModelFits() throws {
    let line = "bound llama-3.1-405b --on apple-m1-8 \(Self.request) --format csv"
    let table = try Table(csv: eaves(line).output)
    #expect(table.columns == Contract.columns + Contract.requestColumns)
    #expect(table.rows[0]["fits"] == "false" && table.rows[0]["ttft_s"] == "")
  }

  @Test func growthOfTheCacheHasItsOwnColumnsAndThreeMoreOnAChip() throws {
    let plain = try Table(csv: eaves("kv llama-2-7b --format csv").output)
    #expect(plain.columns == Contract.kvColumns)
    let line = "kv llama-2-7b --on rpi-5 nvidia-h200-sxm --contexts 8k"
    let onChips = try Table(csv: eaves("\(line) --format csv").output)
    #expect(onChips.columns == Contract.kvColumns + Contract.kvChipColumns)
    #expect(onChips.rows.map { $0["chip"] } == ["rpi-5", "nvidia-h200-sxm"])
    #expect(onChips.rows.map { $0["fits"] } == ["false", "true"])
    let json = try Document(eaves("\(line) --format json"))
    #expect(json.columns == Contract.kvColumns + Contract.kvChipColumns)
  }

  @Test func aStudyMayChooseItsColumns() throws {
    let place = try Sample.workplace()
    let columns = "\"columns\": [\"kv_cache_bytes\", \"model\", \"latency_s\"],"
    try place.write(
      Sample.study.replacing("\"context\"", with: columns + "\"context\""), to: "some.json")
    let table = try Table(csv: eaves("sweep some.json", in: place).output)
    #expect(table.columns == ["kv_cache_bytes", "model", "latency_s"])
    #expect(table.rows.count == 12)
  }
}
