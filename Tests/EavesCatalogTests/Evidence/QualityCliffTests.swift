import EavesCatalog
import Testing

/// The first format, from the most bytes down, that loses more than is allowed.
@Suite struct QualityCliffTests {
  private let values: [(value: String, bytes: Double, loss: Double?)] = [
    ("b", 3, 0.02), ("a", 9, 0), ("d", 1, 0.5), ("c", 2, 0.06), ("unknown", 2.5, nil),
    ("e", 0.5, 0.01),
  ]

  @Test func verdicts() {
    let cliff = QualityCliff(values, allowed: 0.05)
    #expect(cliff.first?.value == "c")
    #expect(
      cliff.verdicts == ["a": .within, "b": .within, "c": .cliff, "d": .past, "e": .within])
  }

  @Test(arguments: [(0.0, "b"), (0.02, "c"), (0.06, "d"), (0.5, nil)] as [(Double, String?)])
  func theLossItselfIsStillAllowed(allowed: Double, first: String?) {
    #expect(QualityCliff(values, allowed: allowed).first?.value == first)
  }

  @Test func sentences() throws {
    let evidence = try Resolver().quality()
    let table = try #require(
      evidence.table(for: "llama-1-7b", axis: "weights", values: ["f16", "q2_k"]))
    let cliff = QualityCliff([("f16", 2, 0), ("q2_k", 1, 0.1473)], allowed: 0.05)
    #expect(
      cliff.sentence(of: table)
        == "quality: q2_k is the first past 5 %, at +14.73 % "
        + "(perplexity, WikiText-2, context not stated, llama.cpp PR 1684)")
    #expect(
      QualityCliff([("f16", 2, 0)], allowed: 0.05).sentence(of: table)
        .hasPrefix("quality: no format is past 5 %"))
  }
}
