import Foundation
import Testing

/// Every study that is shipped, and the transcript in the README.
@Suite struct ShippedStudyTests {
  static let names =
    (try? eaves("studies list --format csv"))
    .flatMap { try? Table(csv: $0.output) }?.rows.compactMap { $0["study"] } ?? []

  @Test func thereAreStudiesAndEachSaysHowManyRowsItHas() throws {
    #expect(Self.names.count >= 7)
    let listed = try Table(csv: eaves("studies list --format csv").output).rows
    let checked = try Table(csv: eaves("studies check --format csv").output).rows
    #expect(checked == listed)
    for row in listed { #expect(row["question"]?.hasSuffix("?") == true, "\(row)") }
  }

  @Test(arguments: names)
  func aShippedStudyGivesTheRowsItPromisesWithATimeWhereverTheModelFits(
    name: String
  ) throws {
    let outcome = try eaves("sweep \(name)")
    outcome.expectSuccess()
    let rows = try Table(csv: outcome.output).rows
    let listed = try Table(csv: eaves("studies list --format csv").output).rows
    #expect("\(rows.count)" == listed.first { $0["study"] == name }?["rows"])
    for row in rows {
      let times = ["latency_lower_s", "latency_s", "latency_upper_s", "tokens_per_s"]
      let isEmpty = times.map { row[$0]?.isEmpty == true }
      #expect(isEmpty == times.map { _ in row["fits"] == "false" }, "\(row)")
      #expect((row["bound"] == "capacity") == (row["fits"] == "false"))
    }
    // A study with a baseline has speedups wherever there are times.
    if try eaves("studies show \(name)").output.contains("\"baseline\"") {
      #expect(rows.contains { $0["realised_speedup_ratio"]?.isEmpty == false })
    }
  }

  @Test func aStudyPrintsItselfSoThatAUserCanChangeIt() throws {
    let place = Workplace()
    let name = try #require(Self.names.first)
    try place.write(eaves("studies show \(name)").output, to: "mine.json")
    #expect(try eaves("sweep mine.json", in: place).output == eaves("sweep \(name)").output)
  }

  @Test func theTranscriptInTheREADMEIsWhatTheCommandPrints() throws {
    let readme = try Sample.shipped("README.md")
    let blocks = readme.matches(of: /<!-- (eaves .+?) -->\n```[a-z]*\n((?s).*?\n)```/)
    // A README that shows nothing promises nothing.
    for block in blocks {
      let line = String(block.output.1)
      let outcome = try eaves(String(line.dropFirst("eaves ".count)))
      #expect(outcome.code == 0)
      var shown = String(block.output.2)
      if shown.hasPrefix("$ \(line)\n") { shown.removeFirst(line.count + 3) }
      #expect(outcome.output == shown, "\(line)")
    }
  }
}
