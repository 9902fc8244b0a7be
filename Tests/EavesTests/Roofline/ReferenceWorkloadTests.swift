import Eaves
import Quantities
import Testing

/// The workload to know by heart: Llama-2-7B, 16 bits, batch 1, context 2048, A100 SXM 80 GB.
///
/// Floor by hand: 13,214,687,232 B of weights and 1,073,741,824 B of cache at 2,039 GB/s are 7.01 ms a
/// decode step; a causal prefill of 27.6 TFLOP at 312 TFLOP/s is 88.5 ms.
@Suite struct ReferenceWorkloadTests {
  private static func row(_ runtime: String, _ phase: Phase) throws -> ResultRow {
    var plan = try Shipped.plan(
      "llama-2-7b", on: "nvidia-a100-sxm-80", under: runtime,
      [.context: "2048", .phase: phase.rawValue, .weights: "f16"])
    return plan.row(plan.settings.step)
  }

  @Test(arguments: [(Phase.decode, 7.01e-3), (.prefill, 88.5e-3)])
  func theFloorIsTheOneWorkedOutByHand(phase: Phase, seconds: Double) throws {
    let row = try Self.row("ideal", phase)
    #expect(abs(row.cost.lower.value / seconds - 1) < 0.005)
  }

  @Test func theFloorReadsTheWeightsAndTheCacheOnce() throws {
    let row = try Self.row("ideal", .decode)
    #expect(row.cost.cacheReadBytes == Bytes(1_073_741_824))
    #expect(row.footprint.kvCache == Bytes(1_073_741_824))
    #expect(row.cost.cacheWriteBytes == Bytes(524_288))
    // One row of the input embedding beside the weights of the floor.
    #expect(row.cost.weightBytes == Bytes(13_214_687_232 + 2 * 4096))
  }

  @Test(arguments: ["ideal", "tensorrt-llm"])
  func decodeIsBoundByMemoryAndPrefillByTheMatrixEngine(runtime: String) throws {
    let chip = try Shipped.chip("nvidia-a100-sxm-80")
    let memory = chip.memory[try #require(chip.mainMemoryIndex)].id
    #expect(try Self.row(runtime, .decode).bound == .memory(memory))
    #expect(try Self.row(runtime, .prefill).bound == .compute("tensor"))
  }

  /// Measured with TensorRT-LLM: prefill 120.5 ms; decode, summed measured kernels, 10.74 ms.
  @Test(arguments: [(Phase.prefill, 120.5e-3), (.decode, 10.74e-3)])
  func theExpectedTimeIsNearTheMeasuredOne(phase: Phase, seconds: Double) throws {
    let row = try Self.row("tensorrt-llm", phase)
    #expect(abs(row.cost.expected.value / seconds - 1) < 0.15)
    #expect(row.cost.lower.value < seconds)
  }

  @Test func ridgeAndUtilisationFollowFromTheSameFigures() throws {
    let row = try Self.row("ideal", .prefill)
    #expect(row.matrixPeak == FLOPsPerSecond(312e12))
    #expect(row.mainBandwidth == BytesPerSecond(2039e9))
    #expect(abs(try #require(row.ridge).value - 153.016) < 1e-3)
    // Causal: 2.65257e13 + 1.10005e12 + 2.62144e8 FLOPs (docs/method.md 1).
    #expect(abs(row.cost.matrix.value / 2.762_6e13 - 1) < 1e-4)
    let mfu = try #require(row.mfu)
    #expect(mfu > 0.9 && mfu <= 1)
    let decode = try Self.row("tensorrt-llm", .decode)
    let mbu = try #require(decode.mbu)
    #expect(mbu > 0.55 && mbu < 0.8)
  }
}
