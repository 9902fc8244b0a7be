import Foundation
import Testing

/// `docs/report-card.md` against the study that it is written from.
@Suite struct ReportCardTests {
  private static func page() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "docs/report-card.md"), encoding: .utf8)
  }

  @Test func everyFigureIsThatOfTheStudy() throws {
    let rows = try Table(csv: eaves("sweep report-card --format csv").output).rows
    let parts = try Self.page().split(separator: "\n## ").dropFirst()
    #expect(parts.count == Set(rows.compactMap { $0["chip"] }).count)
    var checked = 0
    for part in parts {
      let chip = String(part.prefix { !$0.isNewline })
      func row(_ preset: String, _ phase: String, _ context: String) throws -> [String: String] {
        try #require(
          rows.first {
            $0["chip"] == chip && $0["attention"] == preset && $0["phase"] == phase
              && $0["context_tokens"] == context
          }, "\(chip) \(preset) \(phase) \(context)")
      }
      for line in part.split(separator: "\n") where line.hasPrefix("| [") {
        let cells = line.split(separator: " | ").map(String.init)
        let preset = String(cells[0].dropFirst(3).prefix { $0 != "]" })
        let places = [("decode", "4096"), ("decode", "65536"), ("prefill", "4096")]
        for (cell, place) in zip(cells.dropFirst(3), places) {
          let own = try row(preset, place.0, place.1)
          guard let realised = Double(own["realised_speedup_ratio"] ?? ""),
            let paper = Double(own["paper_speedup_ratio"] ?? "")
          else {
            #expect(cell.contains("does not fit"))
            continue
          }
          let text = String(format: "%.2f× (%.2f×)", realised, paper)
          #expect(cell.hasPrefix(text), "\(preset) \(place): \(cell), now \(text)")
          checked += 1
        }
        let base = try #require(Double(row("gqa:8", "decode", "65536")["footprint_bytes"] ?? ""))
        let own = try #require(Double(row(preset, "decode", "65536")["footprint_bytes"] ?? ""))
        #expect(cells[2] == String(format: "%.2f× smaller", base / own), "\(preset)")
      }
    }
    #expect(checked >= 50)
  }
}
