import EavesCatalog
import Foundation
import Testing

/// `eaves validate figures`, on the shipped table and on a user's own.
@Suite struct FiguresTests {
  static let verdicts = [
    "reproduced", "within tolerance", "reference only", "inconsistent source",
    "not yet computable", "failed",
  ]
  static let header = "id,published,unit,expression,tolerance_kind,tolerance\n"
  static let good = header + "a,32,layers,layers{model=llama-2-7b},exact,\n"

  @Test func theShippedFiguresPassAndAreCounted() throws {
    let outcome = try eaves("validate figures --format csv")
    #expect(outcome.code == 0, "\(outcome.error)")
    let rows = try Table(csv: outcome.output).rows
    #expect(rows.allSatisfy { Self.verdicts.contains($0["verdict"] ?? "") })
    let counts = Self.verdicts.map { verdict in
      "\(rows.filter { $0["verdict"] == verdict }.count) \(verdict)"
    }
    #expect(outcome.error == "\(rows.count) figures: \(counts.joined(separator: ", "))\n")
    #expect(rows.count >= 202 && counts.last == "0 failed")
  }

  /// A figure of the shipped table that can be computed by now is to be asserted.
  @Test func noPendingFigureCanBeComputedYet() throws {
    let pending = try Resolver().figures().filter { $0.kind == .pending }
    let rows = try Table(csv: eaves("validate figures --format csv").output).rows
    #expect(!pending.isEmpty)
    for figure in pending {
      let row = try #require(rows.first { $0["id"] == figure.id })
      #expect(
        row["verdict"] == "not yet computable",
        "\(figure.id) can be computed: take pending out of its row")
      #expect(row["ours"]?.isEmpty == true && row["note"]?.isEmpty == false, "\(figure.id)")
    }
  }

  /// A slip in the name of a quantity would keep a figure pending for ever.
  @Test func pendingFiguresNameColumnsAndQuantitiesThatExist() throws {
    let names = Set(
      FigureQuantity.all.map(\.name) + Contract.columns + Contract.requestColumns)
    for figure in try Resolver().figures() {
      for term in figure.expression?.terms ?? [] {
        #expect(names.contains(term.name), "\(figure.id): \(term.name)")
      }
    }
  }

  @Test func everyHeldFigureIsInsideItsTolerance() throws {
    let figures = try Resolver().figures()
    let rows = try Table(csv: eaves("validate figures --format csv").output).rows
    for (figure, row) in zip(figures, rows) where figure.kind == .asserted {
      #expect(figure.id == row["id"])
      let ours = try #require(Double(row["ours"] ?? ""), "\(figure.id)")
      #expect(figure.tolerance.holds(ours, for: figure.published), "\(figure.id): \(ours)")
    }
  }

  @Test func theColumnsAreThoseOfTheContract() throws {
    let table = try Table(csv: eaves("validate figures --format csv").output)
    #expect(
      table.columns == [
        "id", "technique", "claim", "published", "ours", "unit", "tolerance_kind", "tolerance",
        "error_ratio", "verdict", "note", "source",
      ])
  }

  @Test func theTableFitsAndSaysWhyAFigureIsNotHeld() throws {
    let place = try Workplace([
      "f.csv": """
      id,published,unit,expression,tolerance_kind,tolerance,kind,corrected,note
      layers,32,layers,layers{model=llama-2-7b},exact,,,,
      more,33.5,layers,layers{model=llama-2-7b},relative,0.1,,,not shown
      twice,64,layers,layers{model=llama-2-7b},exact,,inconsistent,32,printed twice
      later,5,x,layers{model=none-such},factor,2,pending,,needs none-such
      shown,5.9066,ppl,,reference,,,,quality is looked up
      wrong,40,layers,layers{model=llama-2-7b},absolute,1,,,
      large,6.9e14,x,\(String(repeating: "(", count: 3))parameters{model=llama-2-70b})) * 1e4),factor,2,,,
      """ + "\n"
    ])
    let outcome = try eaves("validate figures --file f.csv", in: place)
    #expect(outcome.code == 1)
    try Snapshot.check(outcome.output + outcome.error, "validate-figures")
  }

  @Test func aTableOfOnesOwnNeedsSixColumnsAndMayEndLinesAsWindowsDoes() throws {
    let place = try Workplace([
      "f.csv": Self.good, "g.csv": Self.good.replacing("\n", with: "\r\n"),
    ])
    let unix = try eaves("validate figures --file f.csv --format csv", in: place)
    #expect(unix.code == 0 && unix.error.hasPrefix("1 figure: 1 reproduced"), "\(unix.error)")
    #expect(
      try eaves("validate figures --file g.csv --format csv", in: place).output == unix.output)
  }

  @Test func provenanceNamesTheTableAndWhatWasRead() throws {
    let place = try Workplace(["f.csv": Self.good])
    let outcome = try eaves("validate figures --file f.csv --format json", in: place)
    let inputs = try #require(Document(outcome).provenance["inputs"] as? [[String: Any]])
    #expect(inputs.map { $0["kind"] as? String } == ["evidence", "model"])
    #expect(inputs.map { $0["id"] as? String } == ["f.csv", "llama-2-7b"])
  }

  @Test func resultsGoToAFileEvenWhereAFigureFails() throws {
    let place = try Workplace(["f.csv": Self.good.replacing(",32,", with: ",33,")])
    let outcome = try eaves("validate figures --file f.csv --output out.csv", in: place)
    #expect(outcome.code == 1 && outcome.bytes.isEmpty)
    #expect(
      outcome.error
        == "1 figure: \(Self.verdicts.map { "\($0 == "failed" ? 1 : 0) \($0)" }.joined(separator: ", "))\n"
    )
    #expect(place.names == ["f.csv", "out.csv", "out.csv.provenance.json"])
  }

  /// The gate must be able to fail: every exact figure of the shipped table, moved a little, is found out.
  @Test func everyExactFigureFailsWhereItIsMoved() throws {
    let figures = try Resolver().figures()
    let table = try #require(Catalog.shipped.files(of: .evidence).first)
    var text = String(decoding: table.bytes, as: UTF8.self)
    var moved: Set<String> = []
    for figure in figures where figure.kind == .asserted && figure.tolerance == .exact {
      let value = figure.published == 0 ? "0.5" : "\(figure.published * 1.001)"
      let fields = ",\(figure.printed),\(figure.unit),"
      guard let start = text.range(of: "\n\(figure.id),"),
        let field = text.range(of: fields, range: start.upperBound..<text.endIndex)
      else {
        Issue.record("\(figure.id) is not found in its own table")
        continue
      }
      text.replaceSubrange(field, with: ",\(value),\(figure.unit),")
      moved.insert(figure.id)
    }
    let place = try Workplace(["moved.csv": text])
    let outcome = try eaves("validate figures --file moved.csv --format csv", in: place)
    #expect(outcome.code == 1)
    let rows = try Table(csv: outcome.output).rows
    let failed = rows.filter { $0["verdict"] == "failed" }.compactMap { $0["id"] }
    #expect(Set(failed) == moved && moved.count > 80)
  }
}
