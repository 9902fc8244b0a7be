import Foundation
import Testing

/// `--output FILE`: the whole file or none, and nothing beside it that was not asked for.
@Suite struct OutputFileTests {
  static let line = "compare llama-2-7b --on rpi-5 --across context=1k,2k"

  @Test(arguments: ["csv", "ndjson", "json", "markdown", "table"])
  func aFileHoldsWhatStandardOutputWouldShow(format: String) throws {
    let place = Workplace()
    let shown = try eaves("\(Self.line) --format \(format)").output
    let outcome = try eaves("\(Self.line) --format \(format) --output out.\(format)", in: place)
    #expect(outcome.code == 0 && outcome.bytes.isEmpty && outcome.error.isEmpty)
    let text = try place.text(of: "out.\(format)")
    // JSON names the command, which differs.
    let arguments = " --output out.json"
    #expect(format == "json" ? text.replacing(arguments, with: "") == shown : text == shown)
    let beside = ["csv", "ndjson"].contains(format) ? ["out.\(format).provenance.json"] : []
    #expect(place.names == ["out.\(format)"] + beside)
    for name in beside {
      let data = try Data(contentsOf: place.url.appending(path: name))
      let provenance = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      #expect(provenance?.keys.sorted() == ["command", "inputs", "version"])
    }
  }

  @Test(arguments: [
    ("out.csv", "chip,"), ("out.json", "{\"provenance\""), ("out.ndjson", "{\"chip\""),
    ("out.jsonl", "{\"chip\""), ("out.md", "| "),
  ])
  func theEndingOfTheFileChoosesTheFormat(name: String, start: String) throws {
    let place = Workplace()
    #expect(try eaves("\(Self.line) --output \(name)", in: place).code == 0)
    #expect(try place.text(of: name).hasPrefix(start))
  }

  @Test func aStudyIsWrittenAsCSVWhereNothingElseIsSaid() throws {
    let place = try Sample.workplace()
    let before = place.names
    let outcome = try eaves("sweep my-study.json --output rows", in: place)
    #expect(outcome.code == 0 && outcome.bytes.isEmpty)
    #expect(try place.text(of: "rows") == eaves("sweep my-study.json", in: place).output)
    #expect(Set(place.names).subtracting(before) == ["rows", "rows.provenance.json"])
    let provenance = try place.text(of: "rows.provenance.json")
    for name in ["my-study.json", "my-model.json", "my-chip.json", "ideal"] {
      #expect(provenance.contains(name), "\(name)")
    }
  }

  @Test func anOlderFileIsReplaced() throws {
    let place = try Workplace(["out.csv": "old\n"])
    #expect(try eaves("\(Self.line) --output out.csv", in: place).code == 0)
    #expect(try place.text(of: "out.csv").hasPrefix("chip,"))
  }

  @Test(arguments: [
    ("bound llama-2-7b --on nowhere", Int32(66)), ("bound llama-2-7b --on rpi-5 --kv q4_k_m", 64),
    ("compare llama-2-7b --on rpi-5 --across context=1k,0", 64), ("kv nobody", 66),
    ("sweep late.json", 66),
  ])
  func aRunThatFailsLeavesNoFileAndAnOlderOneAsItWas(line: String, code: Int32)
    throws
  {
    // The last chip of the study is unknown, so that rows have been made before it fails.
    let late = Sample.study.replacing("\"my-chip.json\"", with: "\"my-chip.json\", \"nowhere\"")
      .replacing("1k..4k", with: "1..1024M")
    let place = try Sample.workplace()
    try place.write(late, to: "late.json")
    let before = place.names
    try eaves("\(line) --output out.csv", in: place).expectRefusal(code)
    #expect(place.names == before)
    try place.write("old\n", to: "out.csv")
    try eaves("\(line) --output out.csv", in: place).expectRefusal(code)
    #expect(try place.text(of: "out.csv") == "old\n")
    #expect(place.names == (before + ["out.csv"]).sorted())
  }

  @Test func whereProvenanceCannotBeWrittenNeitherIsTheResult() throws {
    let place = try Sample.workplace()
    try place.makeFolder("out.csv.provenance.json")
    let before = place.names
    for line in [Self.line, "sweep my-study.json"] {
      let outcome = try eaves("\(line) --output out.csv", in: place)
      outcome.expectRefusal(73, naming: ["out.csv.provenance.json"])
      #expect(place.names == before)
    }
  }

  @Test func aDeviceIsWrittenToWithoutProvenanceBesideIt() throws {
    for format in ["csv", "ndjson"] {
      let outcome = try eaves("\(Self.line) --format \(format) --output /dev/null")
      #expect(outcome.code == 0 && outcome.error.isEmpty && outcome.bytes.isEmpty)
    }
    #expect(!FileManager.default.fileExists(atPath: "/dev/null.provenance.json"))
  }

  @Test func aPlaceThatCannotBeWrittenIsSaidSo() throws {
    let place = try Sample.workplace()
    try place.makeFolder("folder")
    try place.write("", to: "file")
    try place.link("loop", to: "loop")
    try place.link("dangling", to: "gone")
    let before = place.names
    var transcript = Transcript()
    for path in ["no-folder/out.csv", "folder", "folder/", "loop", "dangling", "file/out.csv"] {
      for line in [Self.line, "sweep my-study.json", "bound llama-2-7b --on rpi-5"] {
        let words = "\(line) --output \(path)".split(separator: " ").map(String.init)
        try transcript.refuse(words, 73, naming: [path], in: place)
        #expect(place.names == before)
      }
    }
    try Snapshot.check(transcript.text, "errors-output")
  }

  #if os(Linux)
    @Test func theFileSystemOfProcessesTakesNoResults() throws {
      try eaves("\(Self.line) --output /proc/out.csv").expectRefusal(73, naming: ["/proc/out.csv"])
    }
  #endif
}
