import Foundation
import Testing

/// The workload to know by heart: Llama-2-7B, 16-bit, batch 1, context 2048, A100-80GB SXM.
@Suite struct MainCheckTests {
  private static func rows(runtime: String) throws -> (prefill: Row, decode: Row) {
    let outcome = try eaves(
      "bound llama-2-7b --on nvidia-a100-sxm-80 --runtime \(runtime) --context 2k --weights f16 "
        + "--phase both --format json")
    outcome.expectSuccess()
    let rows = try Document(outcome).rows
    #expect(rows.count == 2)
    func row(_ phase: String) throws -> Row {
      Row(values: try #require(rows.first { $0["phase"] as? String == phase }))
    }
    return (try row("prefill"), try row("decode"))
  }

  struct Row {
    let values: [String: Any]

    func number(_ column: String) throws -> Double {
      try #require(values[column] as? NSNumber, "\(column)").doubleValue
    }

    func text(_ column: String) -> String? { values[column] as? String }
  }

  @Test func theFloorByHandIsTheLowerBound() throws {
    let (prefill, decode) = try Self.rows(runtime: "ideal")
    // 13,214,687,232 B of weights and 1,073,741,824 B of cache at 2,039 GB/s; 27.6 TFLOP at 312 TFLOP/s.
    #expect(abs(try decode.number("latency_lower_s") / 7.01e-3 - 1) < 0.005)
    #expect(abs(try prefill.number("latency_lower_s") / 88.5e-3 - 1) < 0.005)
    for row in [prefill, decode] {
      #expect(try row.number("latency_lower_s") <= row.number("latency_s"))
      #expect(try row.number("latency_s") <= row.number("latency_upper_s"))
    }
  }

  @Test func theCacheIsExactAndDoesNotHoldTheTokenBeingDecoded() throws {
    let (prefill, decode) = try Self.rows(runtime: "ideal")
    for row in [prefill, decode] {
      #expect(try row.number("kv_cache_bytes") == 1_073_741_824)
      #expect(row.values["fits"] as? Bool == true)
      #expect(try row.number("context_tokens") == 2048)
    }
    #expect(try decode.number("new_tokens") == 1)
    #expect(try prefill.number("new_tokens") == 2048)
    // The cache is read once a step: charged neither twice nor in the activations.
    #expect(try decode.number("cache_read_bytes") == 1_073_741_824)
  }

  @Test func decodeIsBoundByTheBandwidthOfHBMPrefillByTheMatrixEngine() throws {
    for runtime in ["ideal", "tensorrt-llm"] {
      let (prefill, decode) = try Self.rows(runtime: runtime)
      #expect(decode.text("bound") == "memory" && decode.text("bound_at") == "hbm")
      #expect(prefill.text("bound") == "compute" && prefill.text("bound_at") == "tensor")
      let ridge = try decode.number("ridge_flop_per_byte")
      #expect(try decode.number("intensity_flop_per_byte") < ridge)
      #expect(try prefill.number("intensity_flop_per_byte") > ridge)
    }
  }

  @Test func whatTensorRTLLMReachesIsWithin15PercentOfWhatWasMeasured() throws {
    let (prefill, decode) = try Self.rows(runtime: "tensorrt-llm")
    #expect(abs(try prefill.number("latency_s") / 120.5e-3 - 1) < 0.15)
    #expect(abs(try decode.number("latency_s") / 10.74e-3 - 1) < 0.15)
  }

  @Test func theVerdictIsTheFirstLineAfterTheTitle() throws {
    let line = "bound llama-2-7b --on nvidia-a100-sxm-80 --context 2k --weights f16"
    let lines = try eaves(line).lines
    #expect(lines[0].contains("llama-2-7b · nvidia-a100-sxm-80 · decode"))
    #expect(lines[1].hasPrefix("BANDWIDTH-BOUND at "))
    #expect(try eaves("\(line) --phase prefill").lines[1].hasPrefix("COMPUTE-BOUND at "))
  }
}
