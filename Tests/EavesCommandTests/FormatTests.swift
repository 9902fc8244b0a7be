import Foundation
import Testing

/// `--format`, on every command that prints results.
@Suite struct FormatTests {
  static let commands = [
    "bound llama-2-7b --on nvidia-a100-sxm-80", "kv llama-2-7b --contexts 1k",
    "compare llama-2-7b --on rpi-5 --across context=1k,2k", "sweep my-study.json", "chips list",
    "chips show rpi-5", "chips check rpi-5", "models list", "models show llama-2-7b",
    "models check llama-2-7b", "runtimes list", "runtimes show llama.cpp", "runtimes check ideal",
    "formats list", "formats show q4_k_m", "formats check q4_k",
    "techniques list", "techniques list --axis cache", "techniques show sinks",
    "techniques conditions", "studies list",
    "studies check kv-growth", "validate figures",
  ]

  @Test(arguments: commands)
  func everyCommandThatPrintsResultsPrintsThemInEveryFormat(line: String) throws {
    let place = try Sample.workplace()
    func printed(_ format: String) throws -> Outcome {
      let outcome = try eaves("\(line) --format \(format)", in: place)
      #expect(outcome.code == 0, "\(format): \(outcome.error)")
      return outcome
    }
    let table = try printed("table").output
    #expect(table.split(separator: "\n").allSatisfy { $0.last != " " })
    let csv = try Table(csv: printed("csv").output)
    #expect(csv.columns.allSatisfy { $0.wholeMatch(of: /[a-z0-9_]+/) != nil }, "\(csv.columns)")
    let json = try Document(printed("json"))
    #expect(json.rows.count == csv.rows.count)
    if let first = json.rows.first { #expect(first.keys.sorted() == csv.columns.sorted()) }
    let ndjson = try printed("ndjson").lines
    #expect(ndjson.count == csv.rows.count)
    #expect(ndjson.allSatisfy { keys(ofObject: $0) == csv.columns })
    let markdown = try printed("markdown").lines
    #expect(markdown.count == csv.rows.count + 2)
    #expect(markdown.allSatisfy { $0.hasPrefix("|") && $0.hasSuffix("|") })
  }

  @Test func jsonAndCSVSayTheSameInEveryCell() throws {
    let line = "compare llama-2-7b --on nvidia-a100-sxm-80 --across weights=f16,q8_0,q4_k_m"
    let csv = try Table(csv: eaves("\(line) --format csv").output)
    let lines = try eaves("\(line) --format ndjson").lines
    #expect(lines.count == 3)
    let json = try eaves("\(line) --format json").output
    for (cells, text) in zip(csv.rows, lines) {
      #expect(json.contains(text))
      for column in Contract.columns {
        let cell = cells[column] ?? "?"
        let isText = Contract.texts.contains(column) && column != "fits"
        let value = cell.isEmpty ? "null" : isText ? "\"\(cell)\"" : cell
        let isLast = column == Contract.columns.last
        #expect(text.contains("\"\(column)\":\(value)\(isLast ? "}" : ",")"), "\(column): \(cell)")
      }
    }
  }

  @Test func provenanceNamesTheVersionTheCommandAndAHashOfEveryInput() throws {
    let line = "bound llama-2-7b --on nvidia-a100-sxm-80 --runtime ideal --format json"
    let provenance = try Document(eaves(line)).provenance
    #expect(provenance["command"] as? String == "eaves \(line)")
    #expect((provenance["version"] as? String)?.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
    let inputs = try #require(provenance["inputs"] as? [[String: Any]])
    #expect(inputs.map { $0["kind"] as? String } == ["chip", "runtime", "model"])
    let ids = ["nvidia-a100-sxm-80", "ideal", "llama-2-7b"]
    #expect(inputs.map { $0["id"] as? String } == ids)
    for input in inputs {
      #expect((input["hash"] as? String)?.wholeMatch(of: /[0-9a-f]{16,}/) != nil)
      #expect(input["unverified"] is [String])
    }
  }

  @Test func theCommandInProvenanceCanBeGivenToAShellAgain() throws {
    let arguments = ["kv", "it's mine.json", "--contexts", "1k", "--format", "json"]
    let place = try Workplace(["it's mine.json": Sample.model])
    // A name without a slash that ends in .json is a path.
    let provenance = try Document(eaves(arguments, in: place)).provenance
    let command = "eaves kv 'it'\\''s mine.json' --contexts 1k --format json"
    #expect(provenance["command"] as? String == command)
  }

  @Test func aFormatThatIsNoneIsRefusedWithTheList() throws {
    let outcome = try eaves("kv llama-2-7b --format xml")
    outcome.expectRefusal(64, naming: ["xml"] + Contract.formats)
  }
}
