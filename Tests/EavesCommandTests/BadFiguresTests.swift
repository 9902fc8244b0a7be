import Foundation
import Testing

/// Tables of figures that cannot be read or mean nothing: refused in one line, with nothing printed.
@Suite struct BadFiguresTests {
  private static let layers = "layers{model=llama-2-7b}"

  /// The text of a table of one row, the code, and what the message names.
  private static let faults: [(name: String, text: String, code: Int32, parts: [String])] = [
    ("an empty file", "", 65, ["f.csv", "empty"]),
    ("no rows", FiguresTests.header, 65, ["f.csv", "no figures"]),
    ("a column that is none", "id,publishd\n", 65, ["f.csv:1:4", "\"publishd\"", "published"]),
    ("a column twice", "id,id\n", 65, ["f.csv:1:4", "\"id\"", "twice"]),
    ("a column that is missing", "id,published\n", 65, ["f.csv:1:1", "\"unit\""]),
    ("too few fields", row("a,32"), 65, ["f.csv:2:1", "2 fields", "6"]),
    ("commas without quotes", row("a,32,x,layers{model=a, batch=1},exact,"), 65, ["7 fields"]),
    ("an open quote", row("a,32,\"x"), 65, ["f.csv:2:6", "does not end"]),
    ("no number", row("a,many,x,\(layers),exact,"), 65, ["f.csv:2:3", "published", "\"many\""]),
    (
      "no tolerance", row("a,32,x,\(layers),about,"), 65,
      ["f.csv:2:33", "tolerance_kind", "\"about\"", "relative"]
    ),
    (
      "two rows of one id", row("a,32,x,\(layers),exact,\na,32,x,\(layers),exact,"), 65,
      ["f.csv:3:1"]
    ),
    ("a slip in an expression", row("a,32,x,2 * * 3,exact,"), 65, ["f.csv:2:12", "\"*\""]),
    (
      "no quantity of that name", row("a,32,x,lairs{model=a},exact,"), 65,
      ["f.csv:2:8", "\"lairs\""]
    ),
    (
      "no option of that name", row("a,32,x,layers{modle=llama-2-7b},exact,"), 65,
      ["f.csv:2:15", "\"modle\"", "\"model\""]
    ),
    (
      "a value that is none", row("a,32,x,\"layers{model=llama-2-7b, kv=zz}\",exact,"), 65,
      ["\"zz\""]
    ),
    ("a text", row("a,32,x,\"bound{model=llama-2-7b, chip=rpi-5}\",exact,"), 65, ["is a text"]),
    ("no model of that name", row("a,32,x,layers{model=lama-2-7b},exact,"), 66, ["llama-2-7b"]),
    (
      "no chip of that name", row("a,32,x,memory_bytes{chip=rpi-55},exact,"), 66,
      ["f.csv:2:8", "\"rpi-55\"", "rpi-5"]
    ),
    ("a figure that quotes itself", row("a,32,x,32,exact,"), 65, ["\"32\"", "computes nothing"]),
    (
      "a figure that quotes itself in passing", row("a,32,x,32 + 0 * \(layers),exact,"), 65,
      ["32", "published figure itself"]
    ),
    (
      "a figure that counts for nothing", row("a,32,x,31 + 1 + 0 * \(layers),exact,"), 65,
      ["the same whatever"]
    ),
    ("JSON", "{\"id\": 1}\n", 65, ["f.csv:1:2"]),
  ]

  private static func row(_ text: String) -> String { FiguresTests.header + text + "\n" }

  @Test func eachFaultIsNamedWithItsPlaceAndARemedy() throws {
    let place = Workplace()
    var transcript = Transcript()
    for fault in Self.faults {
      try place.write(fault.text, to: "f.csv")
      try transcript.refuse(
        ["validate", "figures", "--file", "f.csv", "--output", "out.csv"], fault.code,
        naming: fault.parts, title: fault.name, in: place)
      #expect(place.names == ["f.csv"])
    }
    try Snapshot.check(transcript.text, "errors-figures")
  }

  @Test func whatIsNoFileIsRefused() throws {
    let place = try Workplace(["good.csv": FiguresTests.good])
    try place.makeFolder("folder.csv")
    try place.link("dangling.csv", to: "nowhere.csv")
    try place.link("loop.csv", to: "loop.csv")
    try place.write(Data(repeating: 0x61, count: (16 << 20) + 1), to: "large.csv")
    try place.write(Data([0xFF, 0xFE, 0x61, 0x00]), to: "utf16.csv")
    for (name, code) in [
      ("gone.csv", Int32(66)), ("folder.csv", 65), ("dangling.csv", 66), ("loop.csv", 66),
      ("large.csv", 65), ("utf16.csv", 65), ("/dev/zero", 65),
    ] {
      try eaves("validate figures --file \(name)", in: place).expectRefusal(code, naming: [name])
    }
    try eaves(["validate", "figures", "--file", ""]).expectRefusal(64, naming: ["--file"])
    try eaves("validate figures extra").expectRefusal(64, naming: ["extra"])
    try eaves("validate figures --file good.csv --output none/out.csv", in: place)
      .expectRefusal(73, naming: ["none"])
  }
}
