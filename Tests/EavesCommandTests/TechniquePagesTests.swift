import Foundation
import Testing

/// `docs/techniques`: a page for every technique, and nothing in them that the tool does not say now.
///
/// `Scripts/write_technique_pages.py` writes them anew.
@Suite struct TechniquePagesTests {
  static let names = (try? folder()) ?? []

  private static let place = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/techniques")

  private static func folder() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: place.path()).sorted()
  }

  private static func text(_ name: String) throws -> String {
    try String(contentsOf: place.appending(path: name), encoding: .utf8)
  }

  @Test func everyTechniqueHasAPageAndNoPageIsAnOrphan() throws {
    let listed = try Table(csv: eaves("techniques list --format csv").output).rows
    let pages = Set(listed.compactMap { $0["name"] }.map { "\($0).md" })
    #expect(pages.count > 80)
    #expect(Set(Self.names) == pages.union(["README.md", "claims.md"]))
    let index = try Self.text("README.md")
    for row in listed {
      let (name, summary) = (row["name"] ?? "?", row["summary"] ?? "?")
      #expect(index.contains("| [\(name)](\(name).md) | \(summary.replacing("|", with: "\\|")) |"))
    }
  }

  static let pages = names.filter { !["README.md", "claims.md"].contains($0) }

  /// Lines may break anywhere in prose.
  private static func joined(_ text: some StringProtocol) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }

  @Test(arguments: pages)
  func aPageSaysOfEachOfItsTechniquesWhatTheToolSays(page: String) throws {
    let name = page.dropLast(".md".count)
    let text = try Self.text(page)
    #expect(text.hasPrefix("# \(name)\n"))
    // What is between two headings of the second order is one technique.
    let parts = text.split(separator: "\n## ").dropFirst()
    let shown = try Table(csv: eaves("techniques show \(name) --format csv").output).rows
    #expect(parts.count == shown.count)
    for (part, row) in zip(parts, shown) {
      let sections = part.split(separator: "\n### ").map(String.init)
      #expect(
        sections.dropFirst().map { String($0.prefix { !$0.isNewline }) }
          == ["Equation", "What is counted", "Conditions", "Example", "Source"])
      guard sections.count == 6 else { continue }
      #expect(Self.joined(sections[0]).contains(row["summary"] ?? "?"))
      #expect(sections[0].contains(row["form"] ?? "?"))
      #expect(sections[1] == "Equation\n\n```\n\(row["equation"] ?? "?")\n```\n")
      let conditions = (row["conditions"] ?? "").components(separatedBy: "; ").filter { $0 != "" }
      let listed = Self.joined(sections[3]).lowercased()
      for condition in conditions {
        #expect(listed.contains(condition.lowercased()), "\(condition)")
      }
      #expect(sections[3].components(separatedBy: "\n- ").count - 1 == conditions.count)
      #expect(sections[4].contains("\n$ eaves "))
      #expect(Self.joined(sections[5]).hasPrefix("Source \(row["source"] ?? "?")"))
    }
  }

  @Test(arguments: pages + ["claims.md"])
  func everyExampleIsWhatTheToolPrintsNow(page: String) throws {
    let examples = try Self.text(page).matches(of: /(?m)^```\n\$ eaves (.+)\n((?:.*\n)*?)```$/)
    #expect(!examples.isEmpty)
    for example in examples {
      let command = String(example.output.1)
      let words = command.components(separatedBy: " | head -n ")
      let outcome = try eaves(words[0])
      #expect(outcome.code == 0, "\(command): \(outcome.error)")
      var lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      if words.count == 2 { lines = Array(lines.prefix(Int(words[1]) ?? 0)) }
      while lines.last?.isEmpty == true { lines.removeLast() }
      #expect(
        lines.joined(separator: "\n") + "\n" == example.output.2,
        "\(page): eaves \(command); run Scripts/write_technique_pages.py")
    }
  }

  @Test func everyFigureOfTheClaimsIsWhatValidateComputes() throws {
    let computed = try Table(csv: eaves("validate figures --format csv").output).rows
    let rows = try Self.text("claims.md").matches(of: /(?m)^\| `(.+)` \| (.+) \| (.*) \| (.+) \|$/)
    #expect(rows.count > 20)
    for row in rows {
      let figure = try #require(computed.first { $0["id"] == String(row.output.1) })
      let unit = figure["unit"] ?? "?"
      #expect(row.output.2 == "\(figure["published"] ?? "?") \(unit)")
      #expect(row.output.4 == figure["verdict"] ?? "?")
      guard let ours = figure["ours"], let value = Double(ours) else {
        #expect(row.output.3 == "")
        continue
      }
      let written = try #require(Double(row.output.3.prefix { $0 != " " }))
      #expect(abs(written - value) <= 1e-5 * abs(value) && row.output.3.hasSuffix(" \(unit)"))
    }
  }

  @Test func everyClaimHasAVerdictAndWhatChecksIt() throws {
    let claims = try Self.text("claims.md").split(separator: "\n## ").dropFirst()
    #expect(claims.count == 16)
    for claim in claims {
      let hasCheck = claim.contains("\n$ eaves ") || claim.contains("\n| `")
      #expect(hasCheck && claim.split(separator: "\n").count > 3, "\(claim.prefix(80))")
    }
  }
}
