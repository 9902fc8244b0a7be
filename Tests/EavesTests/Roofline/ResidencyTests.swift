import Eaves
import Quantities
import Testing

/// Weights that a near level holds are not fetched from the far one.
@Suite struct ResidencyTests {
  /// Weights of the test model: 64·(64 + 3·64) + 3·64·128 + 1000·64 + norms, at 2 bytes.
  @Test func aModelThatFitsTheCacheMovesNoWeightsFromMainMemory() throws {
    var near = try TestChip.evaluator(
      TestChip.model(), on: TestChip.make(cache: Bytes(64e6)))
    var far = try TestChip.evaluator(TestChip.model(), on: TestChip.make(cache: Bytes(1e5)))
    let step = Step.decode(context: 100)
    let cached = near.evaluate(step)
    let fetched = far.evaluate(step)
    #expect(cached.weightBytes == fetched.weightBytes)
    // 64·64·4 + 3·64·128 + 64·1000 weights, three norms, a row of the embedding.
    #expect(cached.weightBytes == Bytes(2 * (64 * 64 * 4 + 3 * 64 * 128 + 64 * 1000 + 4 * 64)))
    // New cache entries and logits still leave the chip: 2·64 elements of 2 B and 1000 of 4 B.
    #expect(cached.mainBytes(near.machine) == Bytes(2 * 64 * 2 + 4 * 1000))
    let persistent = fetched.weightBytes + fetched.cacheReadBytes
    #expect(
      fetched.mainBytes(far.machine) - cached.mainBytes(near.machine) >= persistent)
    #expect(cached.expected < fetched.expected)
    #expect(cached.lower < fetched.lower)
  }

  /// All or nothing: data read once a step that exceed a cache are evicted before they are read again.
  @Test func aModelThatAlmostFitsIsFetchedWhole() throws {
    var evaluator = try TestChip.evaluator(
      TestChip.model(layers: 8), on: TestChip.make(cache: Bytes(700_000)))
    let cost = evaluator.evaluate(.decode(context: 1))
    #expect(cost.weightBytes > Bytes(700_000))
    #expect(cost.mainBytes(evaluator.machine) >= cost.weightBytes)
  }

  /// 135 M parameters in 4 bits stay in the 256 MiB cache of an MI300X; 8 B in 16 bits do not.
  @Test func aSmallModelStaysInTheLargeCacheOfAShippedChip() throws {
    var small = try Shipped.plan(
      "smollm2-135m", on: "amd-mi300x", under: "ideal",
      [.weights: "q4_k_m", .context: "128"])
    let inside = small.evaluate(.decode(context: 128))
    #expect(inside.weightBytes > Bytes(60e6))
    #expect(inside.mainBytes(small.machine) < Bytes(1e6))
    var large = try Shipped.plan(
      "llama-3.1-8b", on: "amd-mi300x", under: "ideal", [.weights: "f16"])
    let outside = large.evaluate(.decode(context: 128))
    #expect(outside.mainBytes(large.machine) >= outside.weightBytes)
  }

  /// 70.55 B parameters of 2 bytes are 131.4 GiB; the chip has 80.
  @Test func aModelThatDoesNotFitHasNoTimes() throws {
    var plan = try Shipped.plan(
      "llama-3.1-70b", on: "nvidia-a100-sxm-80", under: "ideal", [.weights: "f16"])
    let row = plan.row(plan.settings.step)
    #expect(row.footprint.fits == false)
    #expect(row.bound == .capacity(plan.machine.mainLevel.id))
    #expect(!row.hasTimes && row.tokenRate == nil && row.mfu == nil && row.mbu == nil)
    #expect(row.note.hasPrefix("does not fit: needs 13"))
  }
}
