import Foundation
import Testing

/// `eaves techniques`: lists, one technique, errors.
@Suite struct TechniquesTests {
  static let axes = [
    "attention", "pattern", "schedule", "mixer", "cache", "parallel", "decoding", "sparsity",
    "experts",
    "format", "shrinking",
    "preset",
  ]

  private static func list(_ options: String = "") throws -> Table {
    try Table(csv: eaves("techniques list \(options) --format csv").output)
  }

  @Test func theColumnsOfAListAndOfOneTechniqueAreAsTheyWere() throws {
    let lines = [
      "techniques list", "techniques list --format csv", "techniques show sinks",
      "techniques show sinks --format csv", "techniques conditions",
      "techniques conditions --format csv",
    ]
    let heads = try lines.map { line in
      let head = try eaves(line).lines.first ?? ""
      return "$ eaves \(line)\n\(head.split { $0 == " " }.joined(separator: " "))\n"
    }
    try Snapshot.check(heads.joined(separator: "\n"), "techniques-headers")
  }

  @Test func whatShowPrintsIsAsItWas() throws {
    let lines = ["techniques show sinks", "techniques show streamingllm", "techniques conditions"]
    let texts = try lines.map { "$ eaves \($0)\n" + (try eaves($0).output) }
    try Snapshot.check(texts.joined(separator: "\n"), "techniques")
  }

  @Test func theAxesOfAListAreThoseThatCanBeAskedFor() throws {
    let all = try Self.list()
    #expect(Set(all.rows.compactMap { $0["axis"] }) == Set(Self.axes))
    var count = 0
    for axis in Self.axes {
      let rows = try Self.list("--axis \(axis)").rows
      #expect(!rows.isEmpty && rows.allSatisfy { $0["axis"] == axis }, "\(axis)")
      count += rows.count
    }
    #expect(count == all.rows.count)
  }

  @Test func everyListedNameCanBeShownWithEverythingKnownOfIt() throws {
    let listed = try Self.list().rows
    for name in Set(listed.compactMap { $0["name"] }).sorted() {
      let outcome = try eaves("techniques show \(name) --format csv")
      outcome.expectSuccess()
      let shown = try Table(csv: outcome.output).rows
      #expect(shown.map { $0["axis"] } == listed.filter { $0["name"] == name }.map { $0["axis"] })
      for row in shown {
        let texts = ["form", "summary", "equation", "source"].map { row[$0] ?? "" }
        #expect(texts.allSatisfy { !$0.isEmpty }, "\(name)")
        #expect(row["guide"] == "docs/techniques/\(name).md")
      }
    }
  }

  @Test func capitalsAliasesFormsAndPathsNameTheSame() throws {
    let preset = try eaves("techniques show streamingllm").output
    #expect(try eaves("techniques show StreamingLLM").output == preset)
    #expect(try eaves("techniques show streaming-llm").output == preset)
    #expect(
      try eaves("techniques show window:4096").output == eaves("techniques show window").output)
    let place = try Workplace(["Mine_1.json": Self.preset])
    let own = try eaves("techniques show Mine_1.json", in: place)
    own.expectSuccess()
    #expect(own.output.contains("--pattern window:128"))
    // The same path on the axis that takes presets.
    let bound = "bound llama-2-7b --on nvidia-a100-sxm-80 --context 4k --format csv"
    let row = try Table(csv: eaves("\(bound) --attention ./Mine_1.json", in: place).output).rows[0]
    #expect(row["pattern"] == "window:128")
  }

  @Test func faultsAreOneClearLine() throws {
    var transcript = Transcript()
    let place = try Workplace([
      "bad.json": Self.preset.replacing("\"source\"", with: "\"sorce\"")
    ])
    let cases: [(String, Int32, [String])] = [
      ("techniques show snapk", 66, ["\"snapk\"", "snapkv", "eaves techniques list"]),
      ("techniques show zzzzzz", 66, ["\"zzzzzz\"", "eaves techniques list"]),
      ("techniques show nowhere.json", 66, ["nowhere.json"]),
      ("techniques show bad.json", 65, ["bad.json:8", "\"sorce\"", "\"source\""]),
      (
        "bound llama-2-7b --on rpi-5 --attention ./bad.json", 65, ["bad.json:8", "\"sorce\""]
      ),
      ("bound llama-2-7b --on rpi-5 --attention streamllm", 66, ["streamingllm"]),
      ("bound llama-2-7b --on rpi-5 --attention gqa:x", 64, ["\"gqa:x\"", "gqa:GROUPS"]),
      ("techniques list --axis colour", 64, ["\"colour\"", "pattern", "cache"]),
      ("techniques list --axis", 64, ["--axis"]), ("techniques show", 64, ["<technique>"]),
      ("techniques frobnicate", 64, ["frobnicate"]),
    ]
    for (line, code, parts) in cases {
      try transcript.refuse(
        line.split(separator: " ").map(String.init), code, naming: parts, in: place)
    }
    try Snapshot.check(transcript.text, "errors-techniques")
  }

  private static let preset = """
    {
      "schema": 1,
      "id": "mine",
      "name": "Mine",
      "summary": "A window of my own.",
      "sets": { "pattern": "window:128" },
      "trained_in": false,
      "source": "nobody"
    }

    """
}
