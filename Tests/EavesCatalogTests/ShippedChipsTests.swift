import Eaves
import EavesCatalog
import Quantities
import Testing

/// What must hold of every shipped chip; a new profile is tested by being there.
@Suite struct ShippedChipsTests {
  static let names = Catalog.shipped.names(of: .chip)

  @Test(arguments: names)
  func hasNoErrors(name: String) throws {
    let chip = try Catalog.shipped.chip(named: name).value
    #expect(chip.id == name, "the file is named after its chip")
    let errors = chip.findings().filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(errors.map(\.description).joined(separator: "\n"))")
  }

  /// A note that excuses nothing hides the next mistake.
  @Test(arguments: names)
  func excusesOnlyWhatDisagrees(name: String) throws {
    let chip = try Catalog.shipped.chip(named: name).value
    let excused = Set(chip.findings().filter { $0.severity == .excused }.map(\.name))
    #expect(Set(chip.notes.flatMap(\.about)) == excused)
  }

  /// Counted in the file itself, so that no kind of figure is forgotten.
  @Test(arguments: names)
  func listsEveryUnverifiedFigure(name: String) throws {
    let chip = try Catalog.shipped.chip(named: name).value
    let text = String(decoding: try Catalog.shipped.file(.chip, named: name).bytes, as: UTF8.self)
    let remarks = (chip.notes + chip.claims).count { $0.isVerified == false }
    let written = text.ranges(of: "\"verified\": false").count
    #expect(chip.unverifiedFigures.count == written - remarks)
    #expect(chip.findings().count { $0.severity == .unverified } == written - remarks)
    let cited = (chip.notes + chip.claims).count { $0.source != nil }
    #expect(chip.figures.count + cited == text.ranges(of: "\"source\":").count)
  }

  @Test func namesAreDistinct() throws {
    var owners: [String: String] = [:]
    for name in Self.names {
      let chip = try Catalog.shipped.chip(named: name).value
      for alias in [chip.id] + chip.aliases {
        let owner = owners.updateValue(name, forKey: alias.lowercased())
        #expect(owner == nil, "\(alias) names \(name) and \(owner ?? "")")
      }
    }
  }

  /// Rates that a card doubles by summing in 16 bits: GeForce white papers.
  @Test(arguments: names.filter { $0.hasPrefix("nvidia-rtx") })
  func geForceHasBothAccumulators(name: String) throws {
    let chip = try Catalog.shipped.chip(named: name).value
    let rates = chip.engines.filter { $0.kind == .matrix }.flatMap(\.rates)
      .filter { $0.input == .f16 }
    let narrow = try #require(rates.first { $0.accumulate == .f16 })
    let wide = try #require(rates.first { $0.accumulate == .f32 })
    #expect(abs(narrow.peak.value / wide.peak.value - 2) < 0.06)
  }

  /// The one profile of which the table knows neither a rate nor a memory.
  @Test func partialProfileSaysWhatItLacks() throws {
    let chip = try Catalog.shipped.chip(named: "syntiant-ndp9120").value
    let missing = chip.findings().filter { $0.severity == .missing }.map(\.field)
    #expect(missing == ["memory", "engines", "engines", "engines", "power"])
  }
}
