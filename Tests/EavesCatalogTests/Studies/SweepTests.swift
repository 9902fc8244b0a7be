import Eaves
import EavesCatalog
import Testing

/// Sweeps against plans that are asked one step at a time.
@Suite struct SweepTests {
  /// More steps than a baseline has places: the first are computed anew.
  @Test func everyRowIsComparedWithItsOwnBaseline() throws {
    let contexts = (1...9000).map { String(100 + 7 * $0) }
    let sweep = Sweep(
      axes: [
        Axis(.model, values: ["qwen2.5-0.5b"]), Axis(.chip, values: ["apple-m2-max-38"]),
        Axis(.weights, values: ["f16", "q4_0"]), Axis(.batch, values: ["1", "3"]),
        Axis(.context, values: contexts),
      ], baseline: [.weights: "f16"])
    var count = 0
    var different = 0
    try sweep.run(Resolver()) { row in
      count += 1
      guard let speedup = row.speedup else { return }
      if row.labels.weights == "f16", abs(speedup.realised - 1) > 1e-12 { different += 1 }
      if row.labels.weights == "q4_0", speedup.paper <= 1 { different += 1 }
    }
    #expect(count == 36_000)
    #expect(different == 0)
  }
}
