import Quantities
import Testing

@testable import Eaves

/// What is costed by straight lines equals what is costed with every operation emitted.
@Suite struct LinearPartTests {
  private static let models = [
    "llama-3.1-8b", "gemma-3-27b", "gpt2-small", "falcon-7b", "gpt-oss-20b", "mixtral-8x7b",
    "bert-base", "opt-1.3b", "bitnet-b1.58-2b4t", "mamba-130m", "mamba2-130m", "zamba2-2.7b",
    "bert-base", "opt-1.3b", "bitnet-b1.58-2b4t", "albert-base-v2", "mobilebert",
    "longformer-base-4096", "deit-tiny-16-224", "mobilevit-xxs", "llada-8b",
  ]
  private static let chips = [
    "nvidia-a100-sxm-80", "apple-m2-max-38", "rpi-5", "google-tpu-v5e", "st-stm32n657",
  ]

  @Test(arguments: models)
  func aStepCostsWhatItsOperationsCost(model: String) throws {
    var random = SplitMix64(seed: 7)
    for chip in Self.chips {
      for runtime in ["ideal", "llama.cpp", "tensorrt-llm"] {
        for weights in ["f16", "q4_k_m", "int8"] {
          for schedule in Schedule.allCases {
            var settings = Settings()
            try settings.set(.weights, to: weights)
            try settings.set(.activations, to: chip == "st-stm32n657" ? "int8" : "f16")
            try settings.set(.kv, to: chip == "st-stm32n657" ? "int8" : "f16")
            settings.schedule = schedule
            guard
              let plan = try? Plan(
                Shipped.model(model), on: Shipped.chip(chip), under: Shipped.runtime(runtime),
                settings)
            else { continue }
            var evaluator = try Evaluator(plan.machine, plan.model)
            for _ in 0..<4 {
              let step = Self.step(plan.model.model.kind, &random)
              Self.expectEqual(
                evaluator.evaluate(step), evaluator.evaluateEmitted(step),
                "\(model) \(chip) \(runtime) \(weights) \(schedule) \(step)")
            }
          }
        }
      }
    }
  }

  /// Patterns that choose keys by the data begin to choose at some context, far from the probes of the lines.
  @Test(arguments: PatternList.entries.map(\.example))
  func aStepUnderAPatternCostsWhatItsOperationsCost(pattern: String) throws {
    for model in ["llama-3.1-8b", "bert-base"] {
      var settings = Settings()
      try settings.set(.pattern, to: pattern)
      try settings.set(.weights, to: "f16")
      guard
        let plan = try? Plan(
          Shipped.model(model), on: Shipped.chip("nvidia-a100-sxm-80"),
          under: Shipped.runtime("tensorrt-llm"), settings)
      else { continue }
      var evaluator = try Evaluator(plan.machine, plan.model)
      for tokens in [1, 15, 600, 5000, 40_000] {
        for phase in [Phase.decode, .prefill] {
          var step = StepSettings()
          step.phase = phase
          step.context = tokens
          Self.expectEqual(
            evaluator.evaluate(plan.step(step)), evaluator.evaluateEmitted(plan.step(step)),
            "\(model) \(pattern) \(phase) \(tokens)")
        }
      }
    }
  }

  private static func step(_ kind: Model.Kind, _ random: inout SplitMix64) -> Step {
    let batch = Int.random(in: 1...40, using: &random)
    let new = Bool.random(using: &random) ? 1 : Int.random(in: 1...3000, using: &random)
    if kind == .encoder { return .encode(new, batch: batch) }
    return Step(
      newTokens: new, cachedTokens: Int.random(in: 0...9000, using: &random),
      logitTokens: Int.random(in: 1...2, using: &random), batch: batch)
  }

  private static func expectEqual(_ fast: Cost, _ emitted: Cost, _ what: String) {
    let pairs: [(String, Double, Double)] = [
      ("lower", fast.lower.value, emitted.lower.value),
      ("expected", fast.expected.value, emitted.expected.value),
      ("upper", fast.upper.value, emitted.upper.value),
      ("matrix", fast.matrix.value, emitted.matrix.value),
      ("vector", fast.vector.value, emitted.vector.value),
      ("special", fast.special.value, emitted.special.value),
      ("weights", fast.weightBytes.value, emitted.weightBytes.value),
      ("cache read", fast.cacheReadBytes.value, emitted.cacheReadBytes.value),
      ("cache written", fast.cacheWriteBytes.value, emitted.cacheWriteBytes.value),
      ("activations", fast.activationBytes.value, emitted.activationBytes.value),
      ("workspace", fast.workspaceBytes.value, emitted.workspaceBytes.value),
      ("energy", fast.energy.value, emitted.energy.value),
    ]
    for (name, fast, emitted) in pairs {
      #expect(abs(fast - emitted) <= 1e-9 * abs(emitted), "\(name) of \(what): \(fast), \(emitted)")
    }
    for level in 0..<8 {
      let (fast, emitted) = (fast.levelBytes[level].value, emitted.levelBytes[level].value)
      #expect(abs(fast - emitted) <= 1e-9 * abs(emitted), "level \(level) of \(what)")
    }
    #expect(fast.limiter == emitted.limiter, "\(what)")
    #expect(fast.matrixEngine == emitted.matrixEngine, "\(what)")
  }
}
