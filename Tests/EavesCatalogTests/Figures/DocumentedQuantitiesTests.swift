import EavesCatalog
import Foundation
import Testing

/// The list of quantities in docs/validation.md against the code.
@Suite struct DocumentedQuantitiesTests {
  @Test func everyQuantityStandsInTheListWithItsOptions() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "docs/validation.md")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let list = try #require(text.firstMatch(of: /<!-- quantities -->\n((?s).*?)<!-- end -->/))
    let rows = list.output.1.split(separator: "\n").dropFirst(2).map(String.init)
    #expect(rows == FigureQuantity.all.map(Self.row))
  }

  /// The row of a quantity; the options of configurations are named once below the list.
  private static func row(_ quantity: FigureQuantity) -> String {
    func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
    let isConfigured = quantity.optional.contains("weights")
    let optional =
      isConfigured || quantity.optional.isEmpty ? "" : "may have " + list(quantity.optional)
    let options = [list(quantity.required), optional].filter { !$0.isEmpty }.joined(separator: "; ")
    return "| `\(quantity.name)` | \(options) | \(quantity.summary) |"
  }
}
