import Eaves
import EavesCatalog
import Quantities
import Testing

@Suite struct RuntimeReaderTests {
  private static let evidence = "\"basis\": \"derived\", \"source\": \"s\", \"verified\": true"
  private static let half = "{\"value\": \"0.5\", \(evidence)}"
  private static let time = "{\"value\": \"5 us\", \(evidence)}"
  private static let text = """
    {"schema": 1, "id": "r", "name": "R", "version": "1.0", "aliases": ["are"],
     "profiles": [{"families": ["*"], "units": ["gpu", "cpu"], "launch": \(time),
       "layer_overhead": \(time), "step_overhead": \(time), "bandwidth_fraction": \(half),
       "matrix_fraction": \(half), "matrix_fraction_by_multiply": {"i8": \(half)},
       "vector_fraction": \(half), "attention_matrix_fraction": \(half),
       "attention_bandwidth_fraction": \(half), "attention_launch": \(time), "attention_head": \(time),
       "accumulate": "f32", "multiply": {"k": "i8", "*quantised": "f16"},
       "dequantisation": {"k": {"value": "1.1", \(evidence)}},
       "dequantisation_rows": {"value": "128", \(evidence)},
       "special_vector_ops": {"value": "8", \(evidence)}, "fuses": ["norm"]}],
     "sources": {"s": {"title": "Fit", "tier": "derived"}}}
    """

  private func runtime(_ text: String) throws(DataError) -> Runtime {
    try Runtime(parsing: Array(text.utf8), file: "r.json")
  }

  @Test func readsEveryField() throws {
    let runtime = try runtime(Self.text)
    #expect(runtime.id == "r" && runtime.version == "1.0" && runtime.aliases == ["are"])
    let profile = runtime.profiles[0]
    #expect(profile.families == ["*"] && profile.units == [.gpu, .cpu])
    #expect(
      profile.launch.value == Seconds(5e-6) && profile.attentionLaunch?.value == Seconds(5e-6))
    #expect(profile.attentionHead?.value == Seconds(5e-6))
    #expect(profile.bandwidthFraction.value == Ratio(0.5))
    #expect(profile.matrixFractionByMultiply[.i8]?.value == Ratio(0.5))
    #expect(profile.attentionMatrixFraction?.value == Ratio(0.5))
    #expect(profile.attentionBandwidthFraction?.value == Ratio(0.5))
    #expect(profile.accumulate == .f32)
    #expect(profile.multiply == ["k": .i8, "*quantised": .f16])
    #expect(profile.dequantisation["k"]?.value == Ratio(1.1))
    #expect(profile.dequantisationRows?.value == Ratio(128))
    #expect(profile.specialVectorOps?.value == Ratio(8) && profile.fuses == [.norm])
  }

  @Test(arguments: [
    (
      "[\"*\"]", "[]",
      "2:28: profiles[0].families: names no family of chips; write [\"*\"] for all chips"
    ),
    (
      "\"launch\": {\"value\": \"5 us\"", "\"launch\": {\"value\": \"5\"",
      "2:80: profiles[0].launch.value: \"5\" has no unit; write \"1 ms\" or \"1 us\""
    ),
    (
      "{\"i8\"", "{\"i88\"",
      "4:126: profiles[0].matrix_fraction_by_multiply: unknown key \"i88\"; did you mean \"i8\"?"
    ),
    (
      "\"*quantised\": \"f16\"", "\"*quantised\": \"fp16\"",
      "7:63: profiles[0].multiply[\"*quantised\"]: \"fp16\" is none of f64, f32, tf32, bf16, f16, f8, f6, f4, i32, i16, i8, i4, b1; did you mean \"f16\"?"
    ),
    ("\"fuses\"", "\"fuse\"", "10:95: profiles[0]: unknown key \"fuse\"; did you mean \"fuses\"?"),
  ])
  func refuses(good: String, bad: String, with expected: String) {
    let found = message { () throws(DataError) in
      _ = try runtime(Self.text.replacing(good, with: bad))
    }
    #expect(found == "r.json:" + expected)
  }
}
