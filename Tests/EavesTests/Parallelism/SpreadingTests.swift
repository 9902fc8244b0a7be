import Quantities
import Testing

@testable import Eaves

/// Work spread over devices: each member against its definition, on a chip with an NVLink of 450 GB/s.
@Suite struct SpreadingTests {
  private static func plan(
    _ model: String, _ parallel: String, _ devices: Int, _ more: [Option: String] = [:]
  ) throws -> Plan {
    let own: [Option: String] = devices > 1 ? [.parallel: parallel, .devices: "\(devices)"] : [:]
    return try Shipped.plan(
      model, on: "nvidia-h100-sxm", under: "ideal", own.merging(more) { $1 })
  }

  private static func sum(
    _ plan: inout Plan, _ step: Step, _ count: (Operation) -> Double
  ) -> Double {
    plan.breakdown(step).reduce(0) { $0 + $1.operation.repeats * count($1.operation) }
  }

  @Test func everyMemberOfTheFolderIsInTheList() throws {
    let declared = try Sources.types(conformingTo: "Spreading", in: "Eaves/Parallelism")
    #expect(Set(declared) == Set(ParallelList.entries.map { "\($0)" }))
    #expect(Set(ParallelList.names).count == declared.count + 1)
  }

  /// Every matrix is cut: t devices do the products of one between them, but for attention's repeated KV heads.
  @Test(arguments: [2, 4, 8])
  func tensorParallelCutsEveryProduct(devices: Int) throws {
    var one = try Self.plan("llama-3.1-8b", "tensor", 1)
    var many = try Self.plan("llama-3.1-8b", "tensor", devices)
    for step in [Step.decode(context: 4096, batch: 3), .prefill(512)] {
      let whole = Self.sum(&one, step) { $0.work.matrix.value }
      let part = Self.sum(&many, step) { $0.work.matrix.value }
      #expect(abs(part * Double(devices) / whole - 1) < 1e-9)
    }
    let footprint = many.footprint(StepSettings(), workspace: .zero)
    let all = one.footprint(StepSettings(), workspace: .zero)
    #expect(footprint.kvCache * Double(devices) == all.kvCache)
  }

  /// Two sums of [T, d] a layer, 2(t − 1)/t of their bytes sent by each device.
  @Test func tensorParallelSendsTwoSumsALayer() throws {
    var plan = try Self.plan("llama-3.1-8b", "tensor", 4)
    let step = Step.prefill(1000, batch: 2)
    let sent = Self.sum(&plan, step) { $0.linkBytes.value }
    let rows = 2000.0 * 4096 * 2
    #expect(sent == 64 * 1.5 * rows)
  }

  /// Beyond the KV heads a device keeps one whole head: 8 of Llama over 16 devices.
  @Test func moreDevicesThanKVHeadsRepeatThem() throws {
    let eight = try Self.plan("llama-3.1-8b", "tensor", 8)
    let sixteen = try Self.plan("llama-3.1-8b", "tensor", 16)
    let settings = StepSettings()
    #expect(
      eight.footprint(settings, workspace: .zero).kvCache
        == sixteen.footprint(settings, workspace: .zero).kvCache)
    #expect(
      sixteen.note(context: 8192, footprint: sixteen.footprint(settings, workspace: .zero))
        .contains("repeat 8 KV heads"))
  }

  /// (m + p − 1)/p of the time of one part of the batch, and the layers and caches of one stage.
  @Test(arguments: [1, 2, 3, 8, 20])
  func pipelineStagesFollowOneAnother(batch: Int) throws {
    var one = try Self.plan("llama-2-7b", "pipeline", 1)
    var four = try Self.plan("llama-2-7b", "pipeline", 4)
    let parts = min(batch, 4)
    let alone = one.evaluate(.decode(context: 2048, batch: (batch + parts - 1) / parts))
    let time = four.evaluate(Step.decode(context: 2048, batch: batch)).expected
    let expected = alone.expected * (Double(parts + 3) / 4)
    // The boundaries come on top: rows of 8 kB over 450 GB/s.
    #expect(time >= expected && time <= expected * 1.05 + Seconds(60e-6))
    let whole = one.footprint(StepSettings(), workspace: .zero)
    let stage = four.footprint(StepSettings(), workspace: .zero)
    #expect(abs(stage.weights / whole.weights - 0.25) < 1e-12)
    #expect(abs(stage.kvCache / whole.kvCache - 0.25) < 1e-12)
  }

  /// Experts are cut, rows of all devices meet them; two exchanges of k rows a token and layer.
  @Test func expertParallelCutsTheExpertsAndTheSequences() throws {
    var one = try Self.plan("mixtral-8x7b", "expert", 1)
    var four = try Self.plan("mixtral-8x7b", "expert", 4)
    let step = Step.decode(context: 1024, batch: 64)
    let expertBytes: (Operation) -> Double = {
      $0.id == .down ? $0.bytes[.weights].value : 0
    }
    #expect(
      abs(Self.sum(&four, step, expertBytes) * 4 / Self.sum(&one, step, expertBytes) - 1) < 1e-12)
    let matrix = Self.sum(&four, step) { $0.work.matrix.value } * 4
    #expect(abs(matrix / Self.sum(&one, step) { $0.work.matrix.value } - 1) < 1e-9)
    // 16 rows a device, two experts each, three quarters elsewhere, there and back.
    let rows = 16.0 * 2 * 0.75 * 2
    #expect(Self.sum(&four, step) { $0.linkBytes.value } == 32 * rows * 4096 * 2)
  }

  /// A ring's devices score all pairs between them and send their keys and values on N − 1 times.
  @Test(arguments: [2, 4, 8])
  func ringDevicesScoreEveryPairOnce(devices: Int) throws {
    var one = try Self.plan("llama-2-7b", "ring", 1)
    var ring = try Self.plan("llama-2-7b", "ring", devices)
    let step = Step.prefill(8192)
    let attention: (Operation) -> Double = { $0.id == .attention ? $0.work.matrix.value : 0 }
    let ratio = Self.sum(&ring, step, attention) * Double(devices) / Self.sum(&one, step, attention)
    #expect(abs(ratio - 1) < 1e-9)
    let part = 8192 / devices
    let sent = Self.sum(&ring, step) { $0.linkBytes.value }
    let entry = 2.0 * 32 * 128 * 2
    #expect(sent == 32 * Double((devices - 1) * part) * entry)
  }

  /// c ≥ F·kb·G/(2·B·H): 1,040 tokens for an A100 over NVLink and heads that share nothing.
  @Test func ringHidesItsTransfersFromAPartOn() {
    let part = RingParallel.leastPart(
      peak: FLOPsPerSecond(312e12), bandwidth: BytesPerSecond(300e9), heads: 32, kvHeads: 32,
      bytesPerElement: 2)
    #expect(part == 1040)
  }

  @Test(arguments: [
    ("llama-3.1-8b", "tensor", 3, "query heads"), ("llama-3.1-8b", "expert", 2, "no experts"),
    ("mixtral-8x7b", "expert", 3, "experts"), ("llama-3.2-1b", "pipeline", 17, "layers"),
    ("gemma-3-1b", "ring", 2, "windows"), ("mamba-130m", "ring", 2, "other mixers"),
  ])
  func whatCannotBeSpreadIsRefusedWithARemedy(
    model: String, parallel: String, devices: Int, part: String
  ) throws {
    do {
      _ = try Self.plan(model, parallel, devices)
      Issue.record("\(model) was spread")
    } catch PlanError.refused(let error) {
      #expect(error.option == .parallel && error.problem.contains(part) && !error.remedy.isEmpty)
    }
  }

  /// Latency falls, never below the lower bound, and energy counts every device.
  @Test(arguments: ["tensor", "pipeline", "ring"])
  func boundsHoldOnSeveralDevices(parallel: String) throws {
    var plan = try Shipped.plan(
      "llama-3.1-8b", on: "nvidia-h100-sxm", under: "tensorrt-llm",
      [.parallel: parallel, .devices: "4"])
    var alone = try Shipped.plan("llama-3.1-8b", on: "nvidia-h100-sxm", under: "tensorrt-llm")
    for step in [Step.decode(context: 4096, batch: 8), .prefill(4096, batch: 2)] {
      let cost = plan.evaluate(step)
      #expect(cost.lower <= cost.expected && cost.expected <= cost.upper)
      #expect(cost.energy > alone.evaluate(step).energy * 0.5)
    }
  }

  /// What fits is counted as the footprint is, on one device: a sequence or a token more does not.
  @Test(arguments: [
    ("tensor", "llama-3.1-8b"), ("ring", "llama-3.1-8b"), ("pipeline", "llama-3.1-8b"),
    ("expert", "qwen3-30b-a3b"), ("expert", "mixtral-8x7b"),
  ])
  func theLargestBatchAndContextAreThoseOfAllDevices(parallel: String, model: String) throws {
    let plan = try Self.plan(model, parallel, 8)
    var settings = plan.settings.step
    settings.batch = 16
    var costed = plan
    let footprint = plan.footprint(
      settings, workspace: costed.evaluate(plan.round(settings)).workspaceBytes)
    let batch = try #require(plan.largestBatch(settings, footprint))
    let context = try #require(plan.largestContext(settings, footprint))
    func fits(_ settings: StepSettings) -> Bool {
      let workspace = costed.evaluate(plan.round(settings)).workspaceBytes
      return plan.footprint(settings, workspace: workspace).fits == true
    }
    #expect(fits(settings) && batch >= 16 && context >= settings.context)
    #expect(fits(settings.with(context: context * 99 / 100)))
    #expect(!fits(settings.with(context: context + context / 100)))
    #expect(fits(settings.with(batch: batch * 99 / 100)))
    #expect(!fits(settings.with(batch: batch + batch / 100 + 8)))
  }

  /// The decoder's attention to its source is cut with the rest.
  @Test func tensorParallelCutsCrossAttention() throws {
    var one = try Self.plan("t5-v1.1-xxl", "tensor", 1, [.activations: "bf16"])
    var eight = try Self.plan("t5-v1.1-xxl", "tensor", 8, [.activations: "bf16"])
    var settings = one.settings.step
    for phase in Phase.allCases {
      settings.phase = phase
      settings.context = 512
      let step = one.step(settings)
      let products: (Operation) -> Double = { $0.work.matrix.value }
      let ratio = 8 * Self.sum(&eight, step, products) / Self.sum(&one, step, products)
      #expect(abs(ratio - 1) < 1e-9)
      #expect(
        8 * eight.footprint(settings, workspace: .zero).kvCache
          == one.footprint(settings, workspace: .zero).kvCache)
    }
    let shape = CrossAttentionShape(Block.Attention(heads: 8, kvHeads: 2, headSize: 4))
    #expect(shape.divided(by: 4)?.attention.kvHeads == 1)
    #expect(shape.divided(by: 4)?.attention.heads == 2)
    #expect(shape.divided(by: 3) == nil)
  }

  /// What the first part of a batch does not explain of a pipeline's time is that of the others.
  @Test func aPipelineSaysHowManyTimesItsFirstPartItTakes() throws {
    var plan = try Self.plan("llama-3.1-8b", "pipeline", 4)
    #expect(plan.evaluate(Step.decode(context: 100, batch: 8)).stretched == 1.75)
    #expect(plan.evaluate(Step.decode(context: 100)).stretched == 1)
  }
}
