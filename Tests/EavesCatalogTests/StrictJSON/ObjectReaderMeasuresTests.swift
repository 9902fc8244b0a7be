import Eaves
import EavesCatalog
import Quantities
import Testing

@Suite struct ObjectReaderMeasuresTests {
  private static let evidence = "\"basis\": \"vendor\", \"source\": \"s\", \"verified\": true"

  private func measure<Kind: Quantity>(
    _ figure: String, as kind: Kind.Type, _ limits: FigureLimits = .notNegative
  ) throws(DataError) -> Measure<Kind> {
    let root = try reader("{\"m\": \(figure)}")
    let measure = try root.measure("m", as: kind, limits)
    try root.finish()
    return measure
  }

  @Test func readsAFigureWithItsEvidence() throws {
    let bandwidth = try measure(
      """
      {"value": "2039 GB/s", "basis": "measured", "source": "s", "verified": false, "note": "n",
       "range": ["1900 GB/s", "2.1 TB/s"]}
      """, as: BytesPerSecond.self)
    #expect(bandwidth.value == BytesPerSecond(2.039e12))
    #expect(bandwidth.basis == .measured)
    #expect(bandwidth.source == "s")
    #expect(!bandwidth.isVerified)
    #expect(bandwidth.note == "n")
    #expect(bandwidth.range == BytesPerSecond(1.9e12)...BytesPerSecond(2.1e12))
  }

  @Test(arguments: [
    ("2039", "m: 2039 has no unit; write a string with its unit, \"1 GB/s\" or \"1 TB/s\""),
    ("\"2039 GB/s\"", "m: found the string \"2039 GB/s\"; write an object, { … }"),
    (
      "{\"value\": 2039, E}",
      "m.value: 2039 has no unit; write a string with its unit, \"1 GB/s\" or \"1 TB/s\""
    ),
    ("{\"value\": \"2039\", E}", "m.value: \"2039\" has no unit; write \"1 GB/s\" or \"1 TB/s\""),
    (
      "{\"value\": \"2039 GHz\", E}",
      "m.value: \"GHz\" is no unit of bandwidth; write \"1 GB/s\" or \"1 TB/s\""
    ),
    (
      "{\"value\": \"fast\", E}",
      "m.value: \"fast\" is no bandwidth; write \"1 GB/s\" or \"1 TB/s\""
    ),
    ("{\"value\": \"-1 GB/s\", E}", "m.value: \"-1 GB/s\" is negative; no bandwidth is below zero"),
    (
      "{\"value\": \"0 B/s\", E}",
      "m.value: \"0 B/s\" is zero; write the figure, or leave the key out where it is unknown"
    ),
    (
      "{\"value\": \"2039 EB/s\", E}",
      "m.value: \"2039 EB/s\" is more than 1.00 EB/s; check the unit: no bandwidth is that large"
    ),
    (
      "{\"value\": \"0e9223372036854775807 TB/s\", E}",
      "m.value: \"0e9223372036854775807 TB/s\" is too long for an amount; write fewer digits"
    ),
    ("{\"value\": true, E}", "m.value: found true; write a string that is not empty"),
    (
      "{\"value\": \"1 GB/s\", \"basis\": \"guess\"}",
      "m.basis: \"guess\" is none of vendor, measured, secondary, derived, recalled, estimated; write one of them"
    ),
    (
      "{\"value\": \"1 GB/s\", \"basis\": \"vendor\"}",
      "m: missing key \"source\"; add it with a string"
    ),
    (
      "{\"value\": \"1 GB/s\", E, \"range\": [\"2 GB/s\", \"1 GB/s\"]}",
      "m.range: is no range; write [\"lowest\", \"highest\"]"
    ),
    (
      "{\"value\": \"1 GB/s\", E, \"range\": []}",
      "m.range: is no range; write [\"lowest\", \"highest\"]"
    ),
    (
      "{\"value\": \"1 GB/s\", E, \"range\": [\"1 GB/s\", 2]}",
      "m.range[1]: 2 has no unit; write a string with its unit, \"1 GB/s\" or \"1 TB/s\""
    ),
    (
      "{\"value\": \"1 GB/s\", E, \"not\": \"n\"}", "m: unknown key \"not\"; did you mean \"note\"?"
    ),
  ])
  func refuses(figure: String, with expected: String) {
    let text = figure.replacing("E}", with: Self.evidence + "}").replacing(
      "E,", with: Self.evidence + ",")
    let found = message { () throws(DataError) in
      _ = try measure(text, as: BytesPerSecond.self, .positive)
    }
    #expect(found?.split(separator: ": ", maxSplits: 1).last.map(String.init) == expected)
  }

  @Test(arguments: [
    ("0.75", nil), ("75 %", nil), ("1", nil), ("75", "\"75\" is more than the whole"),
  ])
  func readsShares(text: String, problem: String?) {
    let found = message { () throws(DataError) in
      _ = try measure("{\"value\": \"\(text)\", \(Self.evidence)}", as: Ratio.self, .share)
    }
    #expect(
      found
        == problem.map { "f.json:1:17: m.value: \($0); write a share such as \"0.75\" or \"75 %\"" }
    )
  }

  @Test func asksForAStringWhereThereIsNoUnit() {
    let found = message { () throws(DataError) in
      _ = try measure("{\"value\": 0.5, \(Self.evidence)}", as: Ratio.self)
    }
    #expect(
      found == "f.json:1:17: m.value: 0.5 is a bare number; write a string, \"0.75\" or \"75 %\"")
  }

  @Test func findsSourcesThatAreNotThere() {
    let found = message { () throws(DataError) in
      let root = try reader(
        """
        {"sources": {"data-sheet": {"title": "t", "tier": "vendor"}},
         "m": {"value": "1 W", "basis": "vendor", "source": "datasheet", "verified": true}}
        """)
      _ = try root.sources()
      _ = try root.measure("m", as: Watts.self)
    }
    #expect(
      found
        == "f.json:2:53: m.source: \"datasheet\" is not in \"sources\"; did you mean \"data-sheet\"?"
    )
  }

  @Test func readsMapsOfFigures() throws {
    let figure = "{\"value\": \"1 GHz\", \(Self.evidence)}"
    let root = try reader(
      "{\"free\": {\"x\": \(figure)}, \"units\": {\"cpu\": \(figure), \"gpx\": 1}}")
    #expect(try root.measures("free", as: Hertz.self).keys.sorted() == ["x"])
    let units = try root.measures("units", by: Engine.Unit.self, as: Hertz.self)
    #expect(Array(units.keys) == [Engine.Unit.cpu])
    #expect(
      message { () throws(DataError) in try root.finish() }?.hasSuffix(
        "units: unknown key \"gpx\"; did you mean \"gpu\"?") == true)
  }
}
