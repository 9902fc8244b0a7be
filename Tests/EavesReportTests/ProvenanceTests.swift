import Testing

@testable import EavesReport

@Suite struct ProvenanceTests {
  @Test func document() {
    let provenance = Provenance(
      version: "1.0", command: "eaves sweep \"my study.json\"",
      inputs: [
        .init(kind: "chip", id: "a", hash: "01", unverified: ["power.idle", "memory[0].latency"]),
        .init(kind: "model", id: "b", hash: "02"),
      ])
    let text = provenance.document.text
    #expect(
      text == """
        {
          "version": "1.0",
          "command": "eaves sweep \\"my study.json\\"",
          "inputs": [
            {"kind": "chip", "id": "a", "hash": "01", \
        "unverified": ["power.idle", "memory[0].latency"]},
            {"kind": "model", "id": "b", "hash": "02", "unverified": []}
          ]
        }

        """)
  }

  @Test func noInputs() {
    let provenance = Provenance(version: "1", command: "c", inputs: [])
    let text = provenance.document.text
    #expect(
      text == "{\n  \"version\": \"1\",\n  \"command\": \"c\",\n  \"inputs\": []\n}\n")
  }
}
