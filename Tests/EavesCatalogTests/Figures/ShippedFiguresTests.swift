import EavesCatalog
import Foundation
import Testing

/// The shipped table against the list of figures that it must cover.
@Suite struct ShippedFiguresTests {
  /// Every figure that is wanted, and whether it must be exact.
  private static func wanted() throws -> [(id: String, isExact: Bool)] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/headline-figures.txt")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return text.split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      return (String(words[0]), words.count > 1)
    }
  }

  /// Whether a row stands for a figure, or for one of its several values.
  private static func covers(_ id: String, _ wanted: String) -> Bool {
    id == wanted || id.hasPrefix("\(wanted).")
  }

  private let figures: [Figure]

  init() throws { figures = try Resolver().figures() }

  @Test func everyWantedFigureIsThere() throws {
    let wanted = try Self.wanted()
    #expect(wanted.count == 202)
    for (id, _) in wanted {
      #expect(figures.contains { Self.covers($0.id, id) }, "\(id) is missing")
    }
  }

  @Test func thereIsNoOtherFigure() throws {
    let wanted = try Self.wanted().map(\.id)
    for figure in figures {
      #expect(wanted.contains { Self.covers(figure.id, $0) }, "\(figure.id) stands for nothing")
    }
  }

  @Test func whatIsExactIsHeldExactly() throws {
    for (id, isExact) in try Self.wanted() where isExact {
      for figure in figures where Self.covers(figure.id, id) {
        #expect(figure.tolerance == .exact, "\(figure.id)")
      }
    }
  }

  @Test func whatIsNotHeldHasAReason() {
    for figure in figures where figure.kind != .asserted {
      #expect(!figure.note.isEmpty, "\(figure.id)")
    }
  }

  @Test func everyFigureSaysWhatItIsAndWhereItStands() {
    for figure in figures {
      #expect(!figure.technique.isEmpty && !figure.claim.isEmpty, "\(figure.id)")
      #expect(!figure.source.isEmpty, "\(figure.id)")
    }
  }

  /// Numbers that convert units; no other may be the figure itself.
  private static let conversions: Set<Double> = [
    1, 2, 8, 100, 1e3, 1e6, 1e9, 1024, 1_048_576, 1_073_741_824,
  ]

  @Test func nothingThatIsHeldQuotesItself() throws {
    var held = 0
    for figure in figures where figure.kind == .asserted || figure.kind == .inconsistent {
      let expression = try #require(figure.expression, "\(figure.id)")
      #expect(!expression.terms.isEmpty, "\(figure.id)")
      for number in expression.numbers where !Self.conversions.contains(number) {
        #expect(number != figure.published && number != figure.corrected, "\(figure.id)")
      }
      held += 1
    }
    #expect(held >= 140)
  }

  @Test func theSourceThatContradictsItselfIsShownAsSuch() throws {
    let figure = try #require(figures.first { $0.id == "kv256k-llama-3.1-405b" })
    #expect(figure.kind == .inconsistent)
    #expect(figure.published == 252 && figure.corrected == 126)
  }
}
