import EavesCatalog
import Quantities
import Testing

@testable import Eaves

/// Experts behind a link against the same model with all at hand.
@Suite struct PlacedExpertsTests {
  private static func plan(
    _ experts: String, _ options: [Option: String] = [:], _ model: String = "mixtral-8x7b",
    on chip: String = "nvidia-h200-sxm", under runtime: String = "ideal"
  ) throws -> Plan {
    var options = options
    options[.experts] = experts
    return try Shipped.plan(model, on: chip, under: runtime, options)
  }

  /// Three matrices of 4096 × 14336 in 16 bits.
  private static let expert = Double(3 * 4096 * 14_336 * 2)

  /// Bytes over the link, a step of all layers.
  private static func sent(_ plan: Plan, _ step: Step) -> Double {
    plan.model.operations(step).reduce(0) { $0 + $1.repeats * $1.linkBytes.value }
  }

  @Test(arguments: [1, 2, 5, 16, 300]) func missesTravelExactlyInExpectation(tokens: Int) throws {
    let step = Step.decode(context: 512, batch: tokens)
    let touched = MixtureOfExperts.distinctExperts(8, perToken: 2, tokens: tokens)
    let offload = Self.sent(try Self.plan("offload"), step)
    #expect(abs(offload / (32 * touched * Self.expert) - 1) < 1e-12)
    #expect(Self.sent(try Self.plan("offload:all"), step) == 32 * 8 * Self.expert)
    let found = FoundExperts(experts: 8, perToken: 2, own: 8, cached: 4).mean(tokens: tokens)
    let lru = Self.sent(try Self.plan("lru:4"), step)
    #expect(abs(lru / (32 * (touched - found) * Self.expert) - 1) < 1e-12)
    #expect(Self.sent(try Self.plan("lru:8"), step) == 0)
  }

  /// What is kept, and a buffer of the experts of one token for all layers.
  @Test(arguments: [("offload", 0), ("lru:2", 2), ("lru:5", 5)])
  func theFootprintHasTheKeptExperts(experts: String, kept: Int) throws {
    var plan = try Self.plan(experts)
    var all = try Self.plan("resident")
    let (row, whole) = (plan.row(plan.settings.step), all.row(all.settings.step))
    let away = Double(32 * (8 - kept) - 2) * Self.expert
    #expect(abs((whole.footprint.weights - row.footprint.weights).value / away - 1) < 1e-12)
    #expect(row.footprint.kvCache == whole.footprint.kvCache)
    #expect(row.labels.experts == experts && whole.labels.experts == "resident")
    // The products are the same; so is what main memory moves for them.
    #expect(row.cost.matrix == whole.cost.matrix && row.cost.weightBytes == whole.cost.weightBytes)
    #expect(row.note.contains("of experts lie in the host, behind"))
  }

  /// t = t(all at hand) + misses over the link.
  @Test(arguments: ["offload", "lru:4", "lru:4:zipf=1.0"])
  func missesAreWaitedFor(experts: String) throws {
    var plan = try Self.plan(experts)
    var all = try Self.plan(experts.contains("zipf") ? "resident:zipf=1.0" : "resident")
    let step = plan.settings.step
    let port = try #require(plan.machine.port(to: .host))
    let bytes = Self.sent(plan, step.step(for: plan.model.model))
    let row = plan.row(step)
    let waited = bytes / port.bandwidth.value + port.latency.value * bytes / Self.expert
    let rest = all.row(step).cost.expected.value
    #expect(abs(row.cost.expected.value / (rest + waited) - 1) < 1e-9)
    #expect(row.cost.lower.value >= bytes / port.bandwidth.value * (1 - 1e-12))
    #expect(row.cost.lower <= row.cost.expected && row.cost.expected <= row.cost.upper)
    #expect(row.bound.kind == "link")
  }

  /// Right guesses hide their share of the rest of the step, and never more than is sent.
  @Test(arguments: [0.25, 0.5, 1]) func guessesHideTheirShareOfTheRest(share: Double) throws {
    var plain = try Self.plan("lru:4")
    var guessing = try Self.plan("lru:4:prefetch=\(share)")
    var all = try Self.plan("resident")
    let step = plain.settings.step
    let rest = all.row(step).cost.expected.value
    let (row, before) = (guessing.row(step), plain.row(step).cost.expected.value)
    let hidden = share * min(rest, before - rest)
    #expect(abs(row.cost.expected.value / (before - hidden) - 1) < 1e-9)
    #expect(row.cost.expected >= row.cost.lower && row.cost.waited.value < 0)
    var few = try Self.plan(
      "lru:7:prefetch=\(share)", [.batch: "512", .context: "4k", .kv: "q8_0"])
    let cost = few.row(few.settings.step).cost
    #expect(cost.lower <= cost.expected && cost.expected <= cost.upper)
  }

  @Test func popularExpertsAreTouchedByMore() throws {
    func touched(_ experts: String, _ batch: Int) throws -> Double {
      let plan = try Self.plan(experts)
      return plan.model.operations(.decode(context: 64, batch: batch)).sum([.gateUp]) { operation in
        if case .matmul(_, _, _, let count) = operation.kind { count } else { 0 }
      } / 32
    }
    #expect(try touched("resident:zipf=1.0", 1) == 2)
    let (zipf, uniform) = (try touched("resident:zipf=1.5", 8), try touched("resident", 8))
    #expect(zipf < uniform - 0.5 && zipf > 2)
    #expect(abs(try touched("resident:zipf=0.0", 8) - uniform) < 0.01)
    // The recorded trace: expert 0 by every token, each other one by one of seven.
    var settings = try Settings([.experts: "resident:trace=t.csv"])
    settings.experts.trace = ExpertTrace([(1...7).map { [0, $0] }])
    #expect(settings.experts.trace != nil)
    let plan = try Plan(
      Shipped.model("mixtral-8x7b"), on: Shipped.chip("nvidia-h200-sxm"),
      under: Shipped.runtime("ideal"), settings)
    let count = plan.model.operations(.decode(context: 64, batch: 2)).sum([.gateUp]) { operation in
      if case .matmul(_, _, _, let count) = operation.kind { count } else { 0 }
    }
    #expect(abs(count / 32 - (1 + 7 * (1 - 36.0 / 49))) < 1e-12)
  }

  @Test(
    arguments: [
      ([.devices: "2", .parallel: "expert", .batch: "8"], "lru:2"),
      ([.devices: "4", .parallel: "expert", .batch: "8"], "offload"),
      ([.devices: "2", .parallel: "tensor"], "lru:4:zipf=1.0"),
      ([.devices: "4", .parallel: "pipeline", .batch: "4"], "lru:4"),
      ([.phase: "prefill", .context: "1k"], "lru:4"),
      ([.weights: "q4_k_m", .cache: "sinks:4+508"], "lru:3"),
      ([.decoding: "speculative:layers=8:gamma=3:alpha=0.7"], "lru:4"),
      ([.decoding: "early-exit:exits=16@0.5"], "offload:prefetch=0.9"),
    ] as [([Option: String], String)])
  func itCombinesWithEveryOtherAxis(options: [Option: String], experts: String) throws {
    var plan = try Self.plan(experts, options)
    let row = plan.row(plan.settings.step)
    var all = try Self.plan("resident", options)
    #expect(row.cost.lower > .zero && row.cost.lower <= row.cost.expected)
    #expect(row.cost.expected <= row.cost.upper)
    #expect(row.cost.expected > all.row(all.settings.step).cost.expected)
    #expect(row.footprint.weights < all.row(all.settings.step).footprint.weights)
  }

  @Test(arguments: [
    ("llama-3.1-8b", "lru:2", "no experts"), ("mixtral-8x7b", "lru:9", "9 of 8 experts"),
    ("mixtral-8x7b", "lru:2:trace=t.csv", "not at hand"),
  ])
  func whatMakesNoSenseIsRefused(model: String, experts: String, reason: String) throws {
    #expect { try Self.plan(experts, [:], model) } throws: { error in
      guard case .refused(let error)? = error as? PlanError else { return false }
      return error.option == .experts && error.problem.contains(reason) && !error.remedy.isEmpty
    }
  }

  @Test func aTraceOfAnotherModelIsRefused() throws {
    for (trace, reason) in [([[[0, 8]]], "expert 8"), ([[[0, 1, 2]]], "3 experts a token")] {
      var settings = try Settings([.experts: "lru:4:trace=t.csv"])
      settings.experts.trace = ExpertTrace(trace)
      #expect {
        try Plan(
          Shipped.model("mixtral-8x7b"), on: Shipped.chip("nvidia-h200-sxm"),
          under: Shipped.runtime("ideal"), settings)
      } throws: { "\($0)".contains(reason) }
    }
    #expect(
      ExpertTrace([[[0], [1, 2]]]) == nil && ExpertTrace([]) == nil && ExpertTrace([[]]) == nil)
  }

  /// A chip without a way to a host says what it lacks.
  @Test func withoutALinkTheProfileLacksIt() throws {
    var chip = try Shipped.chip("nvidia-h200-sxm")
    chip.links = []
    var settings = Settings()
    try settings.set(.experts, to: "offload")
    #expect {
      try Plan(
        Shipped.model("mixtral-8x7b"), on: chip, under: Shipped.runtime("ideal"), settings)
    } throws: { "\($0)".contains("links[].bandwidth") }
  }
}
