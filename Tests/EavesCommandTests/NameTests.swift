import Foundation
import Testing

/// How values may be written: sizes, lists, ranges, names, aliases and paths.
@Suite struct NameTests {
  @Test(arguments: [
    ("8k", "8192"), ("8K", "8192"), ("128K", "131072"), ("1M", "1048576"), ("1m", "1048576"),
    ("4096", "4096"), ("1", "1"), ("1024M", "1073741824"),
  ])
  func sizesAreMultiplesOf1024(text: String, tokens: String) throws {
    let line = "bound llama-2-7b --on rpi-5 --context \(text) --format csv"
    let bound = try Table(csv: eaves(line).output)
    #expect(bound.rows.map { $0["context_tokens"] } == [tokens])
    let kv = try Table(csv: eaves("kv llama-2-7b --contexts \(text) --format csv").output)
    #expect(kv.rows.map { $0["context_tokens"] } == [tokens])
  }

  @Test(arguments: [
    ("1k,4k,16k", [1024, 4096, 16384]), ("1k..8k", [1024, 2048, 4096, 8192]),
    ("1k..1M", (0...10).map { 1024 << $0 }), ("1,2k..4k,3", [1, 2048, 4096, 3]),
    ("1k..3k", [1024, 2048]), ("5..5", [5]),
  ])
  func listsAndDoublingRangesAreTheSameForKvCompareAndStudies(
    text: String, tokens: [Int]
  ) throws {
    let place = try Sample.workplace()
    let study = Sample.study.replacing("1k..4k", with: text)
      .replacing("[\"f16\", \"q8_0\"]", with: "\"f16\"")
      .replacing("[\"prefill\", \"decode\"]", with: "\"decode\"")
    try place.write(study, to: "list.json")
    let lines = [
      "kv my-model.json --contexts \(text) --format csv",
      "compare my-model.json --on my-chip.json --across context=\(text) --format csv",
      "sweep list.json",
    ]
    for line in lines {
      let table = try Table(csv: eaves(line, in: place).output)
      #expect(table.rows.map { $0["context_tokens"] } == tokens.map { "\($0)" }, "\(line)")
    }
  }

  @Test func batchesTakeListsAndDoublingRangesToo() throws {
    let table = try Table(
      csv: eaves("kv llama-2-7b --contexts 1k --batch 1..8,3 --format csv").output)
    #expect(table.rows.map { $0["batch"] } == ["1", "2", "4", "8", "3"])
    let bytes = table.rows.map { Int($0["kv_cache_bytes"] ?? "") }
    #expect(bytes == [1, 2, 4, 8, 3].map { $0 * 536_870_912 })
  }

  @Test(arguments: [
    ("meta-llama/Llama-2-7b-hf", "NVIDIA-A100-SXM-80", "TensorRT-LLM"),
    ("LLAMA2-7B", "nvidia-a100-sxm-80", "tensorrt-llm"), ("llama2:7b", "A100-SXM-80", "roofline"),
  ])
  func aliasesAndCapitalsNameTheSame(model: String, chip: String, runtime: String) throws {
    let line = "bound \(model) --on \(chip) --runtime \(runtime) --format csv"
    let outcome = try eaves(line)
    outcome.expectSuccess()
    let row = try #require(try Table(csv: outcome.output).rows.first)
    #expect(row["model"] == "llama-2-7b" && row["chip"] == "nvidia-a100-sxm-80")
  }

  @Test func filesOfOnesOwnAreFoundFromAnyWorkingDirectory() throws {
    let place = try Sample.workplace()
    let elsewhere = Workplace()
    func run(_ folder: String, in place: Workplace) throws -> [[String: String]] {
      let line =
        "bound \(folder)my-model.json --on \(folder)my-chip.json --runtime \(folder)my-runtime.json"
      let outcome = try eaves("\(line) --format csv", in: place)
      outcome.expectSuccess()
      return try Table(csv: outcome.output).rows
    }
    let rows = try run("", in: place)
    #expect(rows.map { $0["model"] } == ["my-model"] && rows.map { $0["chip"] } == ["my-chip"])
    #expect(try run("./", in: place) == rows)
    #expect(try run(place.path + "/", in: elsewhere) == rows)
    #expect(try run("../\(place.url.lastPathComponent)/", in: elsewhere) == rows)
    // The paths in a study are those of the working directory.
    #expect(try eaves("sweep ./my-study.json", in: place).lines.count == 13)
    let outcome = try eaves("sweep \(place.path)/my-study.json", in: elsewhere)
    outcome.expectRefusal(66, naming: ["my-chip.json"])
  }

  @Test func everyKindOfFileCanBeShownAndCheckedByPath() throws {
    let place = try Sample.workplace()
    for line in [
      "chips show my-chip.json", "chips check my-chip.json", "models show my-model.json",
      "models check my-model.json", "runtimes show my-runtime.json",
      "runtimes check my-runtime.json", "studies show my-study.json", "studies check my-study.json",
    ] {
      let outcome = try eaves(line, in: place)
      #expect(outcome.code == 0 && !outcome.bytes.isEmpty, "\(line): \(outcome.error)")
    }
    #expect(try eaves("studies show my-study.json", in: place).output == Sample.study)
  }

  @Test func theExecutableWorksAloneInAnotherFolder() throws {
    let place = Workplace()
    let copy = try Self.copy(to: place)
    for line in ["bound llama-2-7b --on rpi-5", "sweep kv-growth", "chips list"] {
      let words = line.split(separator: " ").map(String.init)
      let outcome = try Outcome(of: copy.path(), words, in: "/")
      outcome.expectSuccess()
      #expect(try outcome.output == eaves(line).output)
    }
  }

  @Test func withoutItsCompanionTheToolSaysWhatIsMissingInOneLine() throws {
    let place = Workplace()
    let copy = try Self.copy(to: place)
    for words in [["validate", "kernels", "--threads", "1"], ["calibrate", "--budget", "0.1"]] {
      let outcome = try Outcome(of: copy.path(), words)
      // Somebody may have installed one on the path.
      guard outcome.code != 0 else { return }
      outcome.expectRefusal(66, naming: ["eaves-kernels", "swift build"])
    }
  }

  /// A copy of the tool, written by another process: programs that other tests start meanwhile would inherit a file
  /// that is open for writing here, and it could not be run.
  private static func copy(to place: Workplace) throws -> URL {
    let copy = place.url.appending(path: "tool")
    let copying = try Outcome(of: "/bin/cp", [BuiltTool.eaves.path(), copy.path()])
    try #require(copying.code == 0, "\(copying.error)")
    return copy
  }
}
