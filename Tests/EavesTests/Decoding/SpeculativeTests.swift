import EavesCatalog
import Quantities
import Testing

@testable import Eaves

/// Rounds of drafts and a verifying pass against the passes they are made of, one by one.
@Suite struct SpeculativeTests {
  private static let a100 = "nvidia-a100-sxm-80"

  private static func plan(
    _ decoding: String?, _ model: String = "llama-3.1-8b", _ options: [Option: String] = [:],
    under runtime: String = "tensorrt-llm", on chip: String = a100
  ) throws -> Plan {
    var options = options
    options[.decoding] = decoding
    return try Shipped.plan(model, on: chip, under: runtime, options)
  }

  /// The draft makes γ steps over a growing cache, the model one pass over γ + 1 tokens.
  @Test(arguments: [0, 1, 4, 7], [1, 8])
  func aRoundCostsItsPasses(drafts: Int, batch: Int) throws {
    let options: [Option: String] = [.context: "2048", .batch: "\(batch)"]
    var plan = try Self.plan("speculative:draft=llama-3.2-1b:gamma=\(drafts):alpha=0.8", options)
    var target = try Self.plan(nil, options)
    var draft = try Self.plan(nil, "llama-3.2-1b", options)
    let cost = plan.row(plan.settings.step).cost
    let verify = target.evaluate(
      Step(newTokens: drafts + 1, cachedTokens: 2048, logitTokens: drafts + 1, batch: batch))
    let steps = (0..<drafts).map { draft.evaluate(.decode(context: 2048 + $0, batch: batch)) }
    for figure: (Cost) -> Double in [
      { $0.lower.value }, { $0.expected.value }, { $0.upper.value }, { $0.matrix.value },
      { $0.energy.value }, { $0.weightBytes.value }, { $0.cacheReadBytes.value },
    ] {
      let sum = steps.reduce(figure(verify)) { $0 + figure($1) }
      #expect(abs(figure(cost) / sum - 1) < 1e-12)
    }
    #expect(cost.lower <= cost.expected && cost.expected <= cost.upper)
    let breakdown = plan.breakdown(plan.round(plan.settings.step))
    let matrix = breakdown.reduce(0) { $0 + $1.operation.repeats * $1.operation.work.matrix.value }
    #expect(abs(matrix / cost.matrix.value - 1) < 1e-9)
  }

  private static func plan(_ decoding: String?, _ options: [Option: String]) throws -> Plan {
    try plan(decoding, "llama-3.1-8b", options)
  }

  /// Where verifying takes one step, the gain is that of theorem 3.8.
  @Test(arguments: [(0.5, 2), (0.8, 4), (0.9, 7)])
  func withIdleArithmeticTheGainIsThatOfTheTheorem(acceptance: Double, drafts: Int) throws {
    let text = "speculative:draft=llama-3.2-1b:gamma=\(drafts):alpha=\(acceptance)"
    let options: [Option: String] = [.context: "64"]
    var plan = try Self.plan(text, "llama-3.1-8b", options, under: "ideal")
    var target = try Self.plan(nil, "llama-3.1-8b", options, under: "ideal")
    var draft = try Self.plan(nil, "llama-3.2-1b", options, under: "ideal")
    let round = plan.round(plan.settings.step)
    let single = target.evaluate(target.settings.step.step(for: target.model.model)).expected
    let cost = draft.evaluate(.decode(context: 64)).expected / single
    let gain = (single / plan.evaluate(round).expected) * round.tokens
    let theorem = SpeculativeArithmetic(acceptance: acceptance, cost: cost).speedup(drafts: drafts)
    #expect(abs(gain / theorem - 1) < 0.03 && gain < theorem * 1.0001)
  }

  /// The best of all lengths, found by trying each as a configuration of its own.
  @Test(arguments: [(0.3, 1), (0.8, 1), (0.9, 16), (0.8, 64), (0.95, 400)])
  func bestIsTheFastestOfAllLengths(acceptance: Double, batch: Int) throws {
    let options: [Option: String] = [.context: "1k", .batch: "\(batch)"]
    func perToken(_ gamma: String) throws -> (plan: Plan, seconds: Double) {
      var plan = try Self.plan(
        "speculative:draft=llama-3.2-1b:gamma=\(gamma):alpha=\(acceptance)", options)
      let row = plan.row(plan.settings.step)
      // What does not fit is no choice.
      return (plan, row.hasTimes ? row.cost.expected.value / row.tokens : .infinity)
    }
    let all = try (0...32).map { try perToken("\($0)").seconds }
    let best = try perToken("best")
    #expect(best.seconds == all.min())
    let drafts = best.plan.round(best.plan.settings.step).passes.count
    #expect(all[drafts] == best.seconds)
  }

  /// The batch at which the notes say it stops: one fewer gains, that one does not.
  @Test(arguments: [
    "gamma=4:alpha=0.8", "gamma=2:alpha=0.6", "gamma=best:alpha=0.7", "tree=4x2:alpha=0.6",
  ])
  func itStopsPayingWhereTheNoteSays(shape: String) throws {
    let text = "speculative:draft=llama-3.2-1b:\(shape)"
    var plan = try Self.plan(text, [.context: "512"])
    var plain = try Self.plan(nil, [.context: "512"])
    func gain(_ batch: Int) -> Double {
      let settings = plan.settings.step.with(batch: batch)
      let round = plan.round(settings)
      let single = plain.evaluate(plain.round(settings)).expected / Double(batch)
      return single / (plan.evaluate(round).expected / round.tokens)
    }
    let found = plan.stop(plan.settings.step)
    let stop = try #require(found).batch
    #expect(stop > 1 && stop < DecodingGain.largestBatch)
    let full = plan.row(plan.settings.step.with(batch: stop)).footprint.fits == false
    #expect(found?.isFull == full && (full || gain(stop) <= 1))
    #expect(gain(stop - 1) > 1)
    #expect(gain(1) > gain(stop - 1))
    let note = plan.row(plan.settings.step).note
    #expect(note.contains("pays up to batch \(stop - 1)"))
    #expect(note.contains("\(significant(gain(1)))× one token a pass"))
    let late = plan.row(plan.settings.step.with(batch: stop)).note
    #expect(late.contains("does not") || late.contains("no drafts"))
  }

  /// Weights and cache of the draft lie beside those of the model; none where nothing is drafted.
  @Test func theDraftIsResident() throws {
    let options: [Option: String] = [.context: "4k", .batch: "4", .kv: "q8_0"]
    var plan = try Self.plan("speculative:draft=llama-3.2-1b:gamma=4:alpha=0.8", options)
    var target = try Self.plan(nil, options)
    var draft = try Self.plan(nil, "llama-3.2-1b", options)
    let both = plan.row(plan.settings.step).footprint
    let own = target.row(target.settings.step).footprint
    let other = draft.row(draft.settings.step).footprint
    #expect(both.weights == own.weights + other.weights)
    #expect(both.kvCache == own.kvCache + other.kvCache)
    var none = try Self.plan("speculative:draft=llama-3.2-1b:gamma=0:alpha=0.8", options)
    let row = none.row(none.settings.step)
    #expect(row.footprint.weights == own.weights && row.footprint.kvCache == own.kvCache)
    #expect(row.note.contains("no drafts"))
  }

  /// A chip with room for the model alone has no drafts.
  @Test func bestDraftsNothingWhereTheDraftDoesNotFit() throws {
    let weights = "q8_0"
    var chip = try Shipped.chip(Self.a100)
    let main = try #require(chip.mainMemoryIndex)
    chip.memory[main].capacity = TestChip.measure(Bytes(9.2e9))
    func plan(_ gamma: String) throws -> Plan {
      var settings = try Settings([
        .weights: weights, .context: "512",
        .decoding: "speculative:draft=llama-3.2-1b:gamma=\(gamma):alpha=0.9",
      ])
      settings.draft = try Shipped.model("llama-3.2-1b")
      return try Plan(
        Shipped.model("llama-3.1-8b"), on: chip, under: Shipped.runtime("ideal"), settings)
    }
    var (best, four) = (try plan("best"), try plan("4"))
    #expect(four.row(four.settings.step).footprint.fits == false)
    let row = best.row(best.settings.step)
    #expect(row.footprint.fits == true && row.tokens == 1)
  }

  /// Verifying more tokens touches more experts.
  @Test func aMixtureReadsTheExpertsOfAllVerifiedTokens() throws {
    let plan = try Self.plan(
      "speculative:layers=8:gamma=4:alpha=0.7", "mixtral-8x7b", [.context: "1k"])
    let round = plan.round(plan.settings.step)
    let operations = plan.model.operations(round.step)
    let touched = operations.sum([.gateUp]) { operation in
      if case .matmul(_, _, _, let count) = operation.kind { count } else { 0 }
    }
    let missed = 0.75 * 0.75 * 0.75 * 0.75 * 0.75
    #expect(abs(touched / (32 * 8 * (1 - missed)) - 1) < 1e-12)
  }

  /// The first layers draft with the formats that they have in the model, and are kept once.
  @Test func layersOfTheModelAreKeptOnce() throws {
    let options: [Option: String] = [.weights: "q4_k_m", .context: "2k"]
    var plan = try Self.plan("speculative:layers=8:gamma=3:alpha=0.6", options)
    var plain = try Self.plan(nil, options)
    let (row, own) = (plan.row(plan.settings.step), plain.row(plain.settings.step))
    #expect(row.footprint.weights == own.footprint.weights)
    #expect(row.footprint.kvCache == own.footprint.kvCache)
    // Eight of 32 layers and the head: their bytes are those of the same layers of the whole model.
    let all = plan.helpers.plans[0].model
    func bytes(_ model: CompiledModel, _ ids: Set<Operation.ID>) -> Double {
      model.operations(.decode(context: 64)).filter { ids.contains($0.id) }.bytes([.weights])
    }
    #expect(bytes(all, [.head]) == bytes(plain.model, [.head]))
    #expect(
      bytes(all, [.router, .down, .gateUp, .qkv]) < bytes(plain.model, [.down, .gateUp, .qkv]))
    let format = ModelBuilder(all.model, all.choices).groups().map(\.count).reduce(0, +)
    #expect(format == 8)
  }

  @Test func aTreeIsVerifiedInOnePass() throws {
    let plan = try Self.plan("speculative:draft=llama-3.2-1b:tree=4x2:alpha=0.6", [.context: "1k"])
    let round = plan.round(plan.settings.step)
    #expect(round.step.newTokens == 1 + 4 + 8 && round.step.cachedTokens == 1024)
    #expect(round.passes.map(\.step.newTokens) == [1, 4])
    #expect(round.passes.map(\.step.cachedTokens) == [1024, 1025])
    let measured = try Self.plan("speculative:draft=llama-3.2-1b:tree=4x2:tokens=2.25", [:])
    #expect(measured.round(measured.settings.step).tokens == 2.25)
  }

  /// A request of rounds without drafts takes the times of one of single tokens; prompts are read by both models.
  @Test func requestsAreMadeOfRounds() throws {
    let options: [Option: String] = [.prompt: "700", .generate: "90", .batch: "2"]
    func request(_ decoding: String?, _ model: String = "llama-3.1-8b") throws -> RequestTimes {
      var plan = try Self.plan(decoding, model, options)
      return try #require(plan.row(plan.settings.step).request)
    }
    let plain = try request(nil)
    let none = try request("speculative:draft=llama-3.2-1b:gamma=0:alpha=0.8")
    #expect(abs(none.tpot / plain.tpot - 1) < 1e-12)
    let draft = try request(nil, "llama-3.2-1b")
    let four = try request("speculative:draft=llama-3.2-1b:gamma=4:alpha=0.8")
    #expect(abs(four.ttft / (plain.ttft + draft.ttft) - 1) < 1e-12)
    #expect(four.tpot < plain.tpot)
  }

  @Test(
    arguments: [
      [.kv: "q4_0", .cache: "sinks:4+1020"], [.pattern: "window:1k"], [.attention: "mqa"],
      [.devices: "4", .parallel: "tensor"], [.weights: "q4_k_m", .cache: "paged:16"],
      [.schedule: "materialised"], [.cache: "h2o:0.2"],
    ] as [[Option: String]])
  func itCombinesWithEveryOtherAxis(options: [Option: String]) throws {
    var plan = try Self.plan("speculative:draft=llama-3.2-1b:gamma=best:alpha=0.8", options)
    let row = plan.row(plan.settings.step)
    #expect(row.cost.lower > .zero && row.cost.lower <= row.cost.expected)
    #expect(row.cost.expected <= row.cost.upper)
  }

  @Test(arguments: [
    ("llama-3.1-8b", "speculative:draft=mistral-7b-v0.1:gamma=2:alpha=0.5", "vocabulary"),
    ("llama-3.1-8b", "speculative:draft=t5-small:gamma=2:alpha=0.5", "no decoder"),
    ("mamba-1.4b", "speculative:draft=mamba-130m:gamma=2:alpha=0.5", "recurrent state"),
    ("jamba-v0.1", "speculative:layers=4:gamma=2:alpha=0.5", "recurrent state"),
    ("bert-base", "speculative:layers=4:gamma=2:alpha=0.5", "no token after another"),
    ("llada-8b", "speculative:layers=4:gamma=2:alpha=0.5", "no token after another"),
    ("llama-3.2-1b", "speculative:layers=16:gamma=2:alpha=0.5", "16 layers"),
    ("llama-3.2-1b", "early-exit:exits=4@0.5+16@0.5", "16 layers"),
    ("mamba-1.4b", "early-exit:exits=4@0.5", "recurrent state"),
  ])
  func whatMakesNoSenseIsRefused(model: String, decoding: String, reason: String) throws {
    #expect { try Self.plan(decoding, model, on: "nvidia-h200-sxm") } throws: { error in
      switch error as? PlanError {
      case .option(let error)?, .refused(let error)?:
        error.option == .decoding && error.problem.contains(reason) && !error.remedy.isEmpty
      default: false
      }
    }
  }

  /// Leviathan's own pair: an encoder-decoder with a small one of its kind.
  @Test func encoderDecodersDraftToo() throws {
    var plan = try Self.plan(
      "speculative:draft=t5-small:gamma=7:alpha=0.75", "t5-v1.1-xxl",
      [.context: "64", .prompt: "128"])
    let row = plan.row(plan.settings.step)
    #expect(row.note.contains("7 drafts"))
    #expect(row.tokens > 3.5 && row.tokens < 3.7)
  }
}
