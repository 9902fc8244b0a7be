import Eaves
import EavesCatalog
import Foundation
import Testing

/// `eaves calibrate`, with so little time that its figures are of no use.
@Suite struct CalibrateTests {
  @Test func aProfileOfThisMachineWorksInEveryCommand() throws {
    let place = Workplace()
    let words = "calibrate --output host.json --measurements host.csv --threads 2 --budget 1"
    let outcome = try eaves(words, in: place)
    #expect(outcome.code == 0 && outcome.bytes.isEmpty, "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").allSatisfy { $0.hasPrefix("eaves: note: ") })
    #expect(place.names == ["host.csv", "host.json"])

    let chip = try Chip(parsing: Array(place.text(of: "host.json").utf8), file: "host.json")
    #expect(chip.id == "host")
    #expect(chip.figures.allSatisfy { $0.basis == .measured && $0.isVerified })
    #expect(chip.memory.last?.id == "dram")
    #expect(chip.memory.allSatisfy { $0.bandwidth != nil && $0.measuredBandwidth != nil })

    let check = try eaves("chips check host.json", in: place)
    #expect(check.code == 0, "\(check.output)")
    for line in [
      "chips show host.json", "bound llama-3.2-1b --on host.json --weights q8_0",
      "kv llama-3.2-1b --on host.json",
      "compare llama-3.2-1b --on host.json --across weights=f16,q4_k_m",
    ] {
      try eaves(line, in: place).expectSuccess()
    }
    let rows = try place.text(of: "host.csv").split(separator: "\n")
    #expect(rows.count > 40)
    #expect(rows.contains { $0.hasPrefix("triad,") } && rows.contains { $0.hasPrefix("latency,") })
  }

  @Test func aPlaceThatCannotBeWrittenIsSaidBeforeAnythingIsMeasured() throws {
    let place = Workplace()
    try place.makeFolder("folder")
    var transcript = Transcript()
    for option in ["--output", "--measurements"] {
      for path in ["no-folder/host.json", "folder"] {
        let words = ["calibrate", "host", option, path]
        try transcript.refuse(words, 73, naming: [path], in: place)
      }
      try transcript.refuse(["calibrate", "host", option, ""], 64, naming: [option], in: place)
    }
    #expect(place.names == ["folder"])
    try Snapshot.check(transcript.text, "errors-calibrate")
  }
}
