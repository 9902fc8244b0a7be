import Foundation
import Testing

/// Files that are none, or say what cannot be: exit code 65 or 66, with the place and the remedy.
@Suite struct BadFileTests {
  private static let bound = "bound my-model.json --on my-chip.json --runtime my-runtime.json"
    .split(separator: " ").map(String.init)

  /// A text of a file, what stands there instead, and what the message must name.
  typealias Fault = (old: String, new: String, parts: [String])

  static let chipFaults: [Fault] = [
    ("100 GB/s", "100 GX/s", ["memory[0].bandwidth", "GX/s", "GB/s"]),
    ("100 GB/s", "100", ["memory[0].bandwidth", "unit"]),
    ("\"100 GB/s\"", "100", ["memory[0].bandwidth", "unit"]),
    ("32 GiB", "32 GB/s", ["memory[0].capacity", "GB/s"]),
    ("100 GB/s", "-100 GB/s", ["memory[0].bandwidth", "negative"]),
    ("100 GB/s", "0 GB/s", ["memory[0].bandwidth", "zero"]),
    ("100 GB/s", "NaN GB/s", ["memory[0].bandwidth", "NaN"]),
    ("100 GB/s", "inf GB/s", ["memory[0].bandwidth", "inf"]),
    ("\"100 GB/s\"", "NaN", ["NaN"]),
    ("100 GB/s", "1e30 GB/s", ["memory[0].bandwidth", "1e30"]),
    ("100 GB/s", "1e300 GB/s", ["memory[0].bandwidth", "1e300"]),
    ("\"bandwidth\"", "\"bandwith\"", ["\"bandwith\"", "did you mean \"bandwidth\"?"]),
    ("\"id\": \"dram\",", "\"id\": \"dram\", \"id\": \"hbm\",", ["\"id\"", "again"]),
    ("\"kind\": \"dram\"", "\"kind\": \"dramm\"", ["memory[0].kind", "\"dramm\"", "dram"]),
    ("\"source\": \"sheet\"", "\"source\": \"rumour\"", ["\"rumour\"", "sources"]),
    ("\"schema\": 1", "\"schema\": 99", ["schema", "99"]),
    ("\"schema\": 1,", "", ["schema"]),
    ("\"name\": \"My chip\",", "\"name\": \"My chip\"", [":5:"]),
    ("\"name\": \"My chip\"", "\"name\": \"My\u{1} chip\"", ["my-chip.json:4"]),
    ("\"engines\": [", "\"engines\": [[", []),
  ]

  static let modelFaults: [Fault] = [
    ("\"kv_heads\": 2", "\"kv_heads\": 3", ["blocks.global.attention.kv_heads", "3"]),
    ("\"kv_heads\": 2", "\"kv_heads\": 8", ["blocks.global.attention.kv_heads", "8"]),
    ("\"hidden_size\": 256", "\"hidden_size\": -256", ["hidden_size", "-256"]),
    ("\"hidden_size\": 256", "\"hidden_size\": 256.5", ["hidden_size", "256.5"]),
    ("\"hidden_size\": 256", "\"hidden_size\": 1e30", ["hidden_size", "1e30"]),
    (
      "\"hidden_size\": 256", "\"hidden_size\": 1000000000000000000000000000000",
      ["hidden_size", "1000000000000000000000000000000"]
    ),
    ("\"hidden_size\": 256", "\"hidden_size\": \"256\"", ["hidden_size"]),
    ("\"hidden_size\": 256", "\"hidden_size\": NaN", ["NaN"]),
    ("\"head_size\": 64", "\"head_sise\": 64", ["\"head_sise\"", "\"head_size\""]),
    ("\"repeat\": 2", "\"repeat\": 1000000000", ["layers[0].repeat"]),
    ("[\"global\"]", "[\"local\"]", ["layers[0]", "\"local\""]),
    (
      "\"published_format\": \"f16\"", "\"published_format\": \"f17\"", ["published_format", "f17"]
    ),
    ("\"kind\": \"decoder\"", "\"kind\": \"decodr\"", ["kind", "decoder"]),
    (
      "\"vocabulary\": 1000,", "\"vocabulary\": 1000, \"vocabulary\": 2,",
      ["\"vocabulary\"", "again"]
    ),
  ]

  static let runtimeFaults: [Fault] = [
    ("\"value\": \"0 s\"", "\"value\": \"0 B\"", ["B"]),
    ("\"value\": \"1\"", "\"value\": \"1.5\"", ["1.5"]),
    ("\"launch\"", "\"lunch\"", ["\"lunch\"", "\"launch\""]),
    ("\"families\"", "\"familys\"", ["profiles[0]", "families"]),
  ]

  @Test(arguments: [
    ("my-chip.json", chipFaults), ("my-model.json", modelFaults),
    ("my-runtime.json", runtimeFaults),
  ])
  func aFaultInAFileIsNamedWithItsPlaceItsValueAndARemedy(
    name: String, faults: [Fault]
  ) throws {
    let place = try Sample.workplace()
    let text = try place.text(of: name)
    var transcript = Transcript()
    for fault in faults {
      let range = try #require(text.range(of: fault.old), "\(fault.old)")
      try place.write(text.replacingCharacters(in: range, with: fault.new), to: name)
      let title = "\(fault.old) -> \(fault.new)"
      try transcript.refuse(
        Self.bound, 65, naming: ["\(name):"] + fault.parts, title: Self.shown(title), in: place)
    }
    try Snapshot.check(transcript.text, "errors-\(name.split(separator: ".")[0])")
  }

  /// A title without control characters, for snapshots that editors can open.
  private static func shown(_ title: String) -> String { title.replacing("\u{1}", with: "U+0001") }

  static let readers = ["chip", "model", "runtime", "study"]

  @Test(arguments: readers)
  func whatIsNoFileOrNoTextIsRefusedByEveryReader(kind: String) throws {
    let place = try Sample.workplace()
    let name = "my-\(kind).json"
    let line = kind == "study" ? ["sweep", name] : Self.bound
    let file = place.url.appending(path: name)
    var transcript = Transcript()
    func refuse(_ title: String, _ code: Int32, _ make: () throws -> Void) throws {
      try FileManager.default.removeItem(at: file)
      try make()
      try transcript.refuse(line, code, naming: [name], title: title, in: place)
    }
    try refuse("an empty file", 65) { try place.write("", to: name) }
    try refuse("white space", 65) { try place.write(" \n\t\n", to: name) }
    try refuse("5 MB of noise", 65) { try place.write(Self.noise(5_000_000), to: name) }
    try refuse("50 MB of noise", 65) { try place.write(Self.noise(50_000_000), to: name) }
    try refuse("half a file", 65) {
      try place.write(String(Sample.chip.prefix(200)), to: name)
    }
    try refuse("a list", 65) { try place.write("[]", to: name) }
    try refuse("an empty object", 65) { try place.write("{}", to: name) }
    try refuse("a number", 65) { try place.write("1e99999999999999999999", to: name) }
    try refuse("brackets without end", 65) {
      try place.write(String(repeating: "[", count: 1_000_000), to: name)
    }
    try refuse("a folder", 65) { try place.makeFolder(name) }
    try refuse("a link that ends nowhere", 66) { try place.link(name, to: "gone") }
    try FileManager.default.removeItem(at: file)
    try transcript.refuse(line, 66, naming: [name], title: "no file", in: place)
    try place.link(name, to: name)
    try transcript.refuse(line, 66, naming: [name], title: "a link to itself", in: place)
    try Snapshot.check(transcript.text, "errors-files-\(kind)")
  }

  /// The same noise in every run: one page of it, again and again.
  private static func noise(_ count: Int) -> Data {
    var random = SplitMix64(seed: 1)
    let page = (0..<65_536).map { _ in UInt8.random(in: 0...255, using: &random) }
    let pages = repeatElement(Data(page), count: count / page.count + 1)
    var noise = Data()
    for page in pages { noise += page }
    return noise
  }

  /// What a profile may leave out, but no prediction can do without.
  static let gaps: [Fault] = [
    (
      """
      ,
            "bandwidth": { "value": "100 GB/s", "basis": "vendor", "source": "sheet", "verified": true }
      """, "", ["memory[0].bandwidth"]
    ),
    ("\"f16\", \"accumulate\": \"f32\"", "\"i8\", \"accumulate\": \"i32\"", ["engines[].rates[]"]),
    ("\"kind\": \"dram\"", "\"kind\": \"flash\"", ["memory[]"]),
  ]

  @Test func aFigureThatAnAnswerNeedsIsNamedWithItsChip() throws {
    let place = try Sample.workplace()
    var transcript = Transcript()
    for fault in Self.gaps {
      let range = try #require(Sample.chip.range(of: fault.old), "\(fault.old)")
      try place.write(
        Sample.chip.replacingCharacters(in: range, with: fault.new), to: "my-chip.json")
      for line in [Self.bound, ["sweep", "my-study.json"]] {
        try transcript.refuse(line, 65, naming: ["my-chip"] + fault.parts, in: place)
      }
    }
    try Snapshot.check(transcript.text, "errors-lacking")
  }

  @Test func aCheckThatFailsEndsWith1WithItsFindingsOnStandardOutput() throws {
    let place = try Sample.workplace()
    try place.write(
      Sample.model.replacing(
        "\"verified\": true", with: "\"verified\": true, \"checks\": { \"parameters\": 5 }"),
      to: "wrong.json")
    let model = try eaves("models check wrong.json --format csv", in: place)
    #expect(model.code == 1 && model.output.contains("my-model,parameters,5,"))
    #expect(model.error == "1 figures of 1 models, 1 differ\n")
    let format = try eaves("formats check q4_k nonsense --format csv")
    #expect(format.code == 1 && format.output.contains("nonsense,,"))
    #expect(format.error == "2 formats, 1 cannot be read\n")
    #expect(try eaves("formats check nonsense --output found.csv", in: place).code == 1)
    #expect(place.names.contains("found.csv"))
    #expect(try eaves("models check my-model.json llama-2-7b", in: place).code == 0)
    #expect(try eaves("chips check my-chip.json nvidia-a100-sxm-80", in: place).code == 0)
  }
}
