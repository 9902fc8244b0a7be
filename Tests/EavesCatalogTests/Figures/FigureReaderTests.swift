import EavesCatalog
import Testing

@Suite struct FigureReaderTests {
  private static let header =
    "id,published,unit,expression,tolerance_kind,tolerance,kind,corrected,note"

  private func read(_ rows: String...) throws(DataError) -> [Figure] {
    let text = ([Self.header] + rows).joined(separator: "\n")
    return try FigureReader.read(Array(text.utf8), file: "f.csv")
  }

  @Test func readsEveryField() throws {
    let figures = try read(
      "a,0.25,x,\"layers{model=m, batch=1} / 2\",relative,0.1,,,why",
      "b,5,x,,reference,,,,measured", "c,5,x,,exact,,pending,,later",
      "d,252,GiB,layers{model=m},exact,,inconsistent,126,twice")
    #expect(figures.map(\.id) == ["a", "b", "c", "d"])
    #expect(figures.map(\.kind) == [.asserted, .reference, .pending, .inconsistent])
    #expect(figures[0].tolerance == .relative(0.1) && figures[0].published == 0.25)
    #expect(figures[0].expression?.terms.first?.options.count == 2)
    #expect(figures[3].corrected == 126 && figures[3].note == "twice")
  }

  @Test func sixColumnsAreEnough() throws {
    let text = "tolerance,id,published,unit,expression,tolerance_kind\n,a,5,x,l{m=1},exact\n"
    let figures = try FigureReader.read(Array(text.utf8), file: "f.csv")
    #expect(figures[0].kind == .asserted && figures[0].note.isEmpty)
    #expect(try read("a,5,,l{m=1},exact,0,,,").first?.tolerance == .exact)
  }

  @Test(arguments: [
    ("5", 0.5), ("5.0", 0.05), ("93.3", 0.05), ("1.25e3", 5), ("2e-3", 5e-4), ("865000", 0.5),
  ])
  func digitsSayHowPreciseAFigureIsPrinted(printed: String, half: Double) throws {
    let figure = try #require(try read("a,\(printed),x,l{m=1},exact,,,,").first)
    #expect(abs(figure.printedPrecision / half - 1) < 1e-12)
  }

  private static let faults: [(String, String)] = [
    ("a,x,,l{m=1},exact,,,,", "f.csv:2:3: published: \"x\" is no number"),
    ("a,,,l{m=1},exact,,,,", "f.csv:2:3: published: is empty"),
    ("a,1e999,,l{m=1},exact,,,,", "f.csv:2:3: published: \"1e999\" is no number"),
    ("a,0x10,,l{m=1},exact,,,,", "f.csv:2:3: published: \"0x10\" is no number"),
    (",1,,l{m=1},exact,,,,", "f.csv:2:1: id: is empty"),
    ("a,1,,l{m=1},exakt,,,,", "f.csv:2:13: tolerance_kind: \"exakt\" is no kind of tolerance"),
    ("a,1,,l{m=1},exact,0.1,,,", "f.csv:2:19: tolerance: \"0.1\" with the kind exact"),
    ("a,1,,l{m=1},relative,,,,", "f.csv:2:22: tolerance: is empty"),
    ("a,1,,l{m=1},relative,-1,,,", "f.csv:2:22: tolerance: \"-1\" is no tolerance"),
    ("a,1,,l{m=1},factor,0.5,,,", "f.csv:2:20: tolerance: \"0.5\" is no tolerance"),
    ("a,1,,l{m=1},exact,,sure,,", "f.csv:2:20: kind: \"sure\" is no kind of figure"),
    ("a,1,,l{m=1},exact,,reference,,", "f.csv:2:20: kind: \"reference\" with the tolerance exact"),
    ("a,1,,,reference,,asserted,,", "f.csv:2:18: kind: \"asserted\" with the tolerance reference"),
    ("a,1,,,exact,,,,", "f.csv:2:6: expression: is empty"),
    ("a,1,,l{m=1} +,exact,,,,", "f.csv:2:14: expression: the expression ends"),
    ("a,1,,\"l{m=1, m=2}\",exact,,,,", "f.csv:2:14: expression: \"m\" is given twice"),
    ("a,1,,l{m=1},exact,,inconsistent,,", "f.csv:2:33: corrected: is empty"),
    ("a,1,,l{m=1},exact,,,2,", "f.csv:2:21: corrected: \"2\" with the kind asserted"),
  ]

  @Test(arguments: faults)
  func refuses(row: String, start: String) throws {
    let said = try #require(message { () throws(DataError) in _ = try read(row) })
    #expect(said.hasPrefix("\(start); "), "\(said)")
  }

  @Test func anIdStandsOnce() {
    let row = "a,1,,l{m=1},exact,,,,"
    let said = message { () throws(DataError) in _ = try read(row, row) }
    #expect(said == "f.csv:3:1: id: \"a\" stands twice; give each figure an id of its own")
  }

  @Test func noFiguresAreNoTable() {
    #expect(
      message { () throws(DataError) in _ = try read() }
        == "f.csv: has no figures; write one a line")
  }

  /// A figure that is held is computed: nothing may quote it.
  @Test(arguments: [
    ("524288", "524288"), ("7", "7"), ("7", "3 + 4"), ("524288", "524288 * l{m=1}"),
    ("37", "l{m=37}"), ("0.196", "0 * l{m=1} + 0.196"), ("50", "-l{m=1} / 50"),
  ])
  func aFigureMayNotQuoteItself(published: String, expression: String) throws {
    let asserted = "a,\(published),,\(expression),exact,,,,"
    let said = try #require(message { () throws(DataError) in _ = try read(asserted) })
    #expect(said.contains("expression: ") && said.contains("comput"), "\(said)")
    // What is only shown may.
    #expect(try read("a,\(published),,\(expression),reference,,,,").count == 1)
  }

  @Test func thePublishedFigureOfAnInconsistentSourceMayNotBeQuotedEither() {
    let row = "a,252,,252 * l{m=1} / 2,exact,,inconsistent,126,"
    #expect(message { () throws(DataError) in _ = try read(row) } != nil)
    let corrected = "a,252,,126 * l{m=1},exact,,inconsistent,126,"
    #expect(message { () throws(DataError) in _ = try read(corrected) } != nil)
  }

  @Test(arguments: ["1", "2", "8", "100", "1000", "1024", "1048576", "1e9"])
  func unitsMayBeConvertedByWhatIsPublished(number: String) throws {
    #expect(try read("a,\(number),,l{m=3} / \(number),exact,,,,").count == 1)
  }
}
