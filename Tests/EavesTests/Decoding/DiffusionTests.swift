import EavesCatalog
import Quantities
import Testing

@testable import Eaves

/// Denoising passes against the closed forms of LLaDA, and against the same shapes decoded token by token.
@Suite struct DiffusionTests {
  private static func plan(_ options: [Option: String]) throws -> Plan {
    try Shipped.plan("llada-8b", on: "nvidia-h100-sxm", under: "ideal", options)
  }

  /// N·[linear(P + G) + 4·L·H·d_h·(P + G)²], the head over every position.
  @Test(arguments: [(64, 128, 32), (1000, 24, 24), (0, 512, 512)])
  func flopsAreThoseOfAllPasses(prompt: Int, answer: Int, steps: Int) throws {
    let all = prompt + answer
    var plan = try Self.plan([
      .context: "\(all)", .decoding: "diffusion:steps=\(steps):length=\(answer)",
    ])
    let row = plan.row(plan.settings.step)
    let (d, f, layers, vocabulary) = (4096, 12_288, 32, 126_464)
    let linear = 2 * all * (layers * (4 * d * d + 3 * d * f) + d * vocabulary)
    let attention = 4 * layers * d * all * all
    #expect(row.cost.matrix.value == Double(linear + attention))
    #expect(row.tokens == Double(answer) / Double(steps))
    #expect(row.newTokens == all && row.phase == .decode)
    let total = row.cost.matrix.value * (Double(answer) / row.tokens)
    #expect(abs(total / (Double(steps) * Double(linear + attention)) - 1) < 1e-12)
  }

  /// With one pass a token the weights are read as often as token by token, and the FLOPs are P + G times as
  /// many, compared at the last token.
  @Test(arguments: [(64, 128), (2048, 512)])
  func onePassATokenCostsTheBytesOfDecodeAndManyTimesItsFLOPs(prompt: Int, answer: Int) throws {
    let all = prompt + answer
    var causal = try Shipped.model("llada-8b")
    causal.kind = .decoder
    let decode = try Shipped.sixteenBit(causal).operations(.decode(context: all - 1))
    let plan = try Self.plan([.context: "\(all)", .generate: "\(answer)"])
    let round = plan.round(plan.settings.step)
    #expect(round.tokens == 1)
    let pass = plan.model.operations(round.step)
    func flops(_ operations: [Operation]) -> Double {
      operations.reduce(0) { $0 + $1.repeats * $1.work.matrix.value }
    }
    #expect(flops(pass) == Double(all) * flops(decode))
    let bytes = { (operations: [Operation]) in
      operations.filter { $0.id != .embedding }.bytes([.weights])
    }
    #expect(bytes(pass) == bytes(decode))
  }

  /// steps·FLOPs(P + G)/F < G·weights/BW: below it diffusion is faster than reading the weights for each token.
  @Test func fewPassesOverShortTextsBeatDecode() throws {
    var causal = try Shipped.model("llada-8b")
    causal.kind = .decoder
    let (chip, runtime) = (try Shipped.chip("nvidia-h100-sxm"), try Shipped.runtime("ideal"))
    func perToken(_ model: Model, _ options: [Option: String]) throws -> Double {
      var plan = try Plan(model, on: chip, under: runtime, Settings(options))
      let row = plan.row(plan.settings.step)
      return row.cost.lower.value / row.tokens
    }
    let llada = try Shipped.model("llada-8b")
    let decode = try perToken(causal, [.context: "256"])
    #expect(
      try perToken(llada, [.context: "256", .decoding: "diffusion:steps=16:length=128"]) < decode)
    #expect(
      try perToken(llada, [.context: "4096", .decoding: "diffusion:steps=128:length=128"])
        > decode)
  }

  /// A block against the cache, and one pass over everything in as many rounds as a block takes passes.
  @Test func aCachedBlockPaysItsShareOfTheRenewal() throws {
    let (context, block, passes) = (1024, 32, 16)
    var plan = try Self.plan([
      .context: "\(context)", .decoding: "diffusion:steps=128:length=256:block=32:cache",
    ])
    let round = plan.round(plan.settings.step)
    #expect(round.step.newTokens == block && round.step.cachedTokens == context)
    #expect(round.extra?.step.newTokens == context + block)
    #expect(round.extra?.share == 1 / Double(passes) && round.tokens == 2)
    let row = plan.row(plan.settings.step)
    let near = plan.evaluate(round.step)
    let renewal = plan.evaluate(try #require(round.extra?.step))
    let share = 1 / Double(passes)
    for (both, one, other) in [
      (row.cost.lower.value, near.lower.value, renewal.lower.value),
      (row.cost.expected.value, near.expected.value, renewal.expected.value),
      (row.cost.upper.value, near.upper.value, renewal.upper.value),
      (row.cost.matrix.value, near.matrix.value, renewal.matrix.value),
      (row.cost.energy.value, near.energy.value, renewal.energy.value),
      (row.cost.weightBytes.value, near.weightBytes.value, renewal.weightBytes.value),
    ] {
      #expect(abs(both / (one + share * other) - 1) < 1e-12)
    }
    #expect(row.cost.lower <= row.cost.expected && row.cost.expected <= row.cost.upper)
    // Two of 4096 elements a layer and token, in 16 bits; the cache is read and its new entries written.
    #expect(row.footprint.kvCache.value == Double(context * 32 * 2 * 4096 * 2))
    #expect(near.cacheReadBytes.value == Double(context * 32 * 2 * 4096 * 2))
    #expect(near.cacheWriteBytes.value == Double(block * 32 * 2 * 4096 * 2))
    #expect(row.note.contains("approximate"))
    #expect(row.labels.cache != "none")
    // The parts of a report add up to the row.
    let parts = plan.breakdown(round).reduce(0) {
      $0 + $1.operation.repeats * $1.operation.work.matrix.value
    }
    #expect(abs(parts / row.cost.matrix.value - 1) < 1e-12)
  }

  /// Without a cache blocks change nothing: every pass covers everything.
  @Test func blocksWithoutACacheCostWhatTheWholeDoes() throws {
    let whole = try Self.plan([
      .context: "512", .decoding: "diffusion:steps=64:length=256",
    ])
    let blocks = try Self.plan([
      .context: "512", .decoding: "diffusion:steps=64:length=256:block=32",
    ])
    #expect(whole.round(whole.settings.step).step == blocks.round(blocks.settings.step).step)
    #expect(
      whole.round(whole.settings.step).tokens == blocks.round(blocks.settings.step).tokens)
  }

  /// Energy and rate are of generated tokens.
  @Test func aTokenIsAGeneratedOne() throws {
    var plan = try Self.plan([
      .context: "256", .batch: "3", .decoding: "diffusion:steps=32:length=128",
    ])
    let row = plan.row(plan.settings.step)
    #expect(row.tokens == 12)
    #expect(row.tokenRate?.value == 12 / row.cost.expected.value)
  }

  /// A pass fixes no more than its block has: 256 blocks of 32 tokens take 256 passes, asked for or not.
  @Test(arguments: [1, 64, 255, 256])
  func aPassFixesAtMostItsBlock(steps: Int) throws {
    let plan = try Self.plan([
      .context: "8192", .decoding: "diffusion:steps=\(steps):block=32:cache",
    ])
    let round = plan.round(plan.settings.step)
    #expect(round.tokens == 32 && round.extra?.share == 1)
    let twice = try Self.plan([.context: "8192", .decoding: "diffusion:steps=512:block=32:cache"])
    let half = twice.round(twice.settings.step)
    #expect(half.tokens == 16 && half.extra?.share == 0.5)
    // More passes than tokens fix none.
    let many = try Self.plan([.context: "64", .decoding: "diffusion:steps=512"])
    #expect(many.round(many.settings.step).tokens == 1)
  }
}
