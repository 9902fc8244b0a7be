import Eaves
import Foundation
import Quantities
import Testing

/// Each lint fires on the fault it is for, and on nothing else.
@Suite struct ChipLintTests {
  /// A fault and the one finding that it must cause.
  struct Fault: Sendable, CustomTestStringConvertible {
    let lint: String
    let field: String
    let severity: Finding.Severity
    let make: @Sendable (inout Chip) -> Void

    init(
      _ lint: String, _ field: String, _ severity: Finding.Severity = .error,
      _ make: @escaping @Sendable (inout Chip) -> Void
    ) {
      self.lint = lint
      self.field = field
      self.severity = severity
      self.make = make
    }

    var testDescription: String { "\(lint) at \(field)" }
  }

  @Test func staysSilentOnAGoodChip() {
    #expect(Chip.sample.findings().isEmpty)
  }

  @Test(arguments: contradictions + references + gaps)
  func fires(fault: Fault) {
    var chip = Chip.sample
    fault.make(&chip)
    let findings = chip.findings()
    #expect(findings.map(\.lint) == [fault.lint])
    #expect(findings.map(\.field) == [fault.field])
    #expect(findings.map(\.severity) == [fault.severity])
  }

  @Test(arguments: contradictions)
  func isExcusedByANote(fault: Fault) {
    var chip = Chip.sample
    fault.make(&chip)
    let name = chip.findings().first?.name ?? ""
    chip.notes.append(Remark(text: "Conflict: this one is believed.", about: [name]))
    #expect(chip.findings().map(\.severity) == [.excused])
    #expect(chip.findings().map(\.excuse) == ["Conflict: this one is believed."])
    // A note that settles nothing excuses nothing, nor does one about another field.
    chip.notes = [
      Remark(text: "A remark.", about: [name]),
      Remark(text: "Conflict: another one.", about: ["memory.other.capacity"]),
    ]
    #expect(chip.findings().map(\.severity) == [.error])
  }

  @Test(arguments: references)
  func isNeverExcused(fault: Fault) {
    var chip = Chip.sample
    fault.make(&chip)
    let name = chip.findings().first?.name ?? ""
    chip.notes.append(Remark(text: "Conflict: this one is believed.", about: [name]))
    #expect(chip.findings().map(\.severity) == [.error])
  }

  @Test func everyLintIsTried() {
    let tried = (Self.contradictions + Self.references + Self.gaps).map(\.lint)
    #expect(Set(tried) == Set(ChipLint.all.map(\.id)))
    #expect(Set(ChipLint.all.map(\.id)).count == ChipLint.all.count, "ids are distinct")
  }

  /// A lint that is written but not listed never runs.
  @Test func everyLintIsListed() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let folder = root.appending(path: "Sources/Eaves/Chips/Lint").standardizedFileURL
    var written = 0
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      written += try String(contentsOf: file, encoding: .utf8).matches(
        of: /static let \w+ = ChipLint\(/
      )
      .count
    }
    #expect(written == ChipLint.all.count)
  }

  @Test func namesValues() {
    var chip = Chip.sample
    chip.memory[2].bandwidth = .sheet(1600e9)
    #expect(
      chip.findings().map(\.description) == [
        "memory[2].bandwidth: 3.20 GT/s on 5120 bits carry 2.05 TB/s, the profile has 1.60 TB/s"
      ])
  }

  @Test func listsUnverifiedFiguresInOrder() {
    var chip = Chip.sample
    chip.engines[0].rates[0].sparse[0].isVerified = false
    chip.engines[0].rates[1].peak.isVerified = false
    chip.memory[2].unitBandwidth[.cpu]?.isVerified = false
    chip.power.modes[1].clockScale.isVerified = false
    chip.overheads.framework["matmul"]?.isVerified = false
    #expect(
      chip.unverifiedFigures == [
        "engines[0].rates[0].sparse[0]", "engines[0].rates[1].peak",
        "memory[2].unit_bandwidth.cpu", "power.modes[1].clock_scale", "overheads.framework.matmul",
      ])
    #expect(chip.findings().map(\.severity) == Array(repeating: .unverified, count: 5))
    #expect(Chip.sample.unverifiedFigures.isEmpty)
  }
}
