import Quantities
import Testing

@testable import EavesReport

@Suite struct JSONTests {
  @Test func document() {
    let provenance = Provenance(
      version: "1.0", command: "eaves bound",
      inputs: [.init(kind: "chip", id: "orin-nano", hash: "ab12", unverified: ["power.idle"])])
    let rows = [Sample(), Sample(latency: nil, fits: nil, note: "slow")]
    #expect(
      OutputFormat.json.text(rows, Sample.columns, provenance) == """
        {"provenance": {
          "version": "1.0",
          "command": "eaves bound",
          "inputs": [
            {"kind": "chip", "id": "orin-nano", "hash": "ab12", "unverified": ["power.idle"]}
          ]
        },
        "rows": [
        {"chip":"orin-nano","batch":1,"latency_s":0.0885,"kv_cache_bytes":1073741824,"fits":true,\
        "note":null},
        {"chip":"orin-nano","batch":1,"latency_s":null,"kv_cache_bytes":1073741824,"fits":null,\
        "note":"slow"}
        ]}

        """)
  }

  @Test func noRowsAndNoProvenance() {
    #expect(OutputFormat.json.text([]) == "{\"provenance\": null,\n\"rows\": [\n\n]}\n")
  }

  @Test func noColumnsAreEmptyObjects() {
    #expect(OutputFormat.ndjson.text([Sample(), Sample()], []) == "{}\n{}\n")
  }

  @Test func ndjsonIsAnObjectALine() {
    let columns = Array(Sample.columns.prefix(3))
    #expect(
      OutputFormat.ndjson.text([Sample(), Sample(batch: 8)], columns) == """
        {"chip":"orin-nano","batch":1,"latency_s":0.0885}
        {"chip":"orin-nano","batch":8,"latency_s":0.0885}

        """)
  }

  @Test(arguments: [
    ("plain", "plain"), ("say \"x\"", "say \\\"x\\\""), ("a\\b", "a\\\\b"),
    ("a\nb\rc\td", "a\\nb\\rc\\td"), ("\u{0}\u{1F}\u{8}", "\\u0000\\u001f\\u0008"),
    ("µ é 🙂 \u{7F}", "µ é 🙂 \u{7F}"), ("", ""),
  ])
  func escapes(_ text: String, _ result: String) {
    #expect(written { $0.appendJSON(text) } == "\"\(result)\"")
  }
}
