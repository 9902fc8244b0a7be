import Eaves
import Quantities
import Testing

/// More work never costs less.
@Suite struct MonotoneTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let model: String
    let chip: String
    let runtime: String
    var testDescription: String { "\(model) on \(chip) under \(runtime)" }
  }

  static let cases = [
    Case(model: "llama-3.1-8b", chip: "nvidia-a100-sxm-80", runtime: "tensorrt-llm"),
    Case(model: "mistral-7b-v0.1", chip: "apple-m2-max-38", runtime: "llama.cpp"),
    Case(model: "mixtral-8x7b", chip: "nvidia-h100-sxm", runtime: "pytorch"),
    Case(model: "gemma-3-1b", chip: "amd-mi300x", runtime: "ideal"),
    Case(model: "gpt-oss-20b", chip: "nvidia-rtx4090", runtime: "llama.cpp"),
    Case(model: "smollm2-135m", chip: "amd-mi300x", runtime: "ideal"),
    Case(model: "qwen2.5-0.5b", chip: "rpi-5", runtime: "llama.cpp"),
    Case(model: "gpt2-small", chip: "nvidia-orin-nano-8", runtime: "pytorch"),
  ]

  private static let weights = ["published", "q4_k_m"]
  private static let schedules = Schedule.allCases

  @Test(arguments: cases, weights)
  func aLargerBatchNeverCostsLess(sample: Case, weights: String) throws {
    for schedule in Self.schedules {
      var plan = try Self.plan(sample, weights, schedule)
      let batches = [1, 2, 3, 4, 6, 8, 12, 16, 31, 32, 33, 64, 127, 128, 129, 256, 512]
      Self.check(&plan, batches.map { .decode(context: 1000, batch: $0) })
      Self.check(&plan, batches.prefix(10).map { .prefill(300, batch: $0) })
    }
  }

  @Test(arguments: cases, weights)
  func aLongerContextNeverCostsLess(sample: Case, weights: String) throws {
    for schedule in Self.schedules {
      var plan = try Self.plan(sample, weights, schedule)
      let contexts = (0...16).flatMap { [1 << $0, (1 << $0) + 1, 3 << $0] }.sorted()
      Self.check(&plan, contexts.map { .decode(context: $0, batch: 2) })
      // From two tokens on: a prompt of one runs the kernel of decode, with a floor of its own.
      Self.check(&plan, contexts.filter { (2...16_384).contains($0) }.map { .prefill($0) })
      // A chunk of 256 tokens after ever more cached ones, on the borders of tiles: a window that lies
      // across a border touches a tile more.
      Self.check(
        &plan,
        contexts.filter { $0.isMultiple(of: Schedule.tileRows) }.map {
          Step(newTokens: 256, cachedTokens: $0, logitTokens: 1, batch: 1)
        })
    }
  }

  private static func plan(
    _ sample: Case, _ weights: String, _ schedule: Schedule
  ) throws -> Plan {
    try Shipped.plan(
      sample.model, on: sample.chip, under: sample.runtime,
      [.weights: weights, .schedule: schedule.rawValue])
  }

  private static func check(_ plan: inout Plan, _ steps: [Step]) {
    var previous: (step: Step, cost: Cost)?
    for step in steps {
      let cost = plan.evaluate(step)
      if let previous {
        let name = "\(plan.labels.schedule): \(previous.step) then \(step)"
        #expect(cost.lower >= previous.cost.lower * (1 - 1e-12), "lower, \(name)")
        #expect(cost.expected >= previous.cost.expected * (1 - 1e-12), "expected, \(name)")
        #expect(cost.upper >= previous.cost.upper * (1 - 1e-12), "upper, \(name)")
        #expect(cost.energy >= previous.cost.energy * (1 - 1e-12), "energy, \(name)")
        #expect(cost.workspaceBytes >= previous.cost.workspaceBytes, "workspace, \(name)")
      }
      previous = (step, cost)
    }
  }
}
