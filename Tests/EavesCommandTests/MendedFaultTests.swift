import Foundation
import Testing

/// Faults that were found once.
@Suite struct MendedFaultTests {
  @Test func aStudyOfMoreRowsThanAnyMachineCanCountIsRefused() throws {
    // Four lists of 100,000 values: 10^20 rows, more than a 64-bit number holds.
    let lists = ["model", "chip", "runtime", "power-mode"].map { key in
      "\"\(key)\": [\(repeatElement("\"x\"", count: 100_000).joined(separator: ","))]"
    }
    let place = try Workplace([
      "huge.json": "{\"schema\": 1, \"question\": \"?\", \(lists.joined(separator: ", "))}"
    ])
    let outcome = try eaves("sweep huge.json", in: place)
    #expect([65, 66].contains(outcome.code), "\(outcome.code)")
  }

  @Test func aCheckOfAStudyReadsWhatItsBaselineNames() throws {
    let place = try Sample.workplace()
    try place.write(
      Sample.study.replacing("{ \"weights\": \"f16\" }", with: "{ \"chip\": \"nowhere\" }"),
      to: "study.json")
    try eaves("sweep study.json", in: place).expectRefusal(66, naming: ["\"nowhere\""])
    let check = try eaves("studies check study.json", in: place)
    #expect(check.code == 66)
  }

  @Test func anOptionMisspeltInAStudyIsAnsweredWithTheNearestOne() throws {
    let place = try Sample.workplace()
    try place.write(Sample.study.replacing("\"context\"", with: "\"contxt\""), to: "study.json")
    let error = try eaves("sweep study.json", in: place).error
    #expect(error.contains("did you mean \"context\"?"))
  }

  @Test func anEncoderHasOnePassWhateverThePhase() throws {
    let rows = try Table(csv: eaves("bound bert-base --on rpi-5 --phase both --format csv").output)
      .rows
    #expect(rows.count == 1)
  }

  @Test func batchesReadSuffixesInListsAsInRanges() throws {
    let line = "kv llama-2-7b --contexts 1k --format csv --batch"
    let (list, range) = (try eaves("\(line) 1k"), try eaves("\(line) 1k..1k"))
    #expect(list.output == range.output)
  }
}
