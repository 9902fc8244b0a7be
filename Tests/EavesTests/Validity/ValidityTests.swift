import Quantities
import Testing

@testable import Eaves

/// Predicates: what makes no sense is refused with what would, and what a reader should know is said.
@Suite struct ValidityTests {
  private static let chip = "nvidia-a100-sxm-80"

  @Test func everyPredicateAsksSomething() {
    let names = Validity.predicates.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Validity.predicates.allSatisfy { $0.sentence.hasSuffix(".") })
  }

  @Test(arguments: [
    ("llama-3.1-8b", [Option.pattern: "longformer:512:global=1"], Option.pattern, "later"),
    ("llama-3.1-8b", [.pattern: "bigbird:64"], .pattern, "later"),
    ("bert-base", [.pattern: "window:128"], .pattern, "later"),
    ("llama-3.1-8b", [.attention: "gqa:5"], .attention, "query heads"),
    ("mamba-130m", [.attention: "mqa"], .attention, "no softmax attention"),
  ])
  func senselessCombinationsAreRefused(
    model: String, options: [Option: String], option: Option, part: String
  ) throws {
    do {
      _ = try Shipped.plan(model, on: Self.chip, under: "ideal", options)
      Issue.record("\(model) with \(options) was costed")
    } catch PlanError.refused(let error) {
      #expect(error.option == option && error.problem.contains(part) && !error.remedy.isEmpty)
    }
  }

  @Test(arguments: [
    ("llama-3.1-8b", [Option.pattern: "window:4096"], "trained with it"),
    ("llama-3.1-8b", [.pattern: "interleaved:1024:5+1"], "trained with it"),
    ("llama-3.1-8b", [.attention: "mqa"], "trained with it"),
    ("llama-3.1-8b", [.pattern: "quest:4096:page=16"], "may change what the model says"),
    ("llama-3.1-8b", [.cache: "h2o:0.2"], "may change what the model says"),
    ("jamba-v0.1", [.kv: "q8_0"], "states stay in 32 bits"),
  ])
  func whatAReaderShouldKnowIsSaid(
    model: String, options: [Option: String], part: String
  ) throws {
    let plan = try Shipped.plan(model, on: Self.chip, under: "ideal", options)
    let footprint = plan.footprint(StepSettings(), workspace: .zero)
    #expect(plan.note(context: 4096, footprint: footprint).contains(part))
  }

  /// What a model has anyway is not worth a word.
  @Test func aModelsOwnWindowIsTrainedIn() throws {
    let plan = try Shipped.plan(
      "mistral-7b-v0.1", on: Self.chip, under: "ideal", [.pattern: "window:4096"])
    let footprint = plan.footprint(StepSettings(), workspace: .zero)
    #expect(!plan.note(context: 4096, footprint: footprint).contains("trained"))
  }

  /// Dilated keys lie apart: each of 256 B is read as a line of the memory's own size.
  @Test func scatteredKeysCostWholeLines() throws {
    var chip = try Shipped.chip(Self.chip)
    let main = try #require(chip.mainMemoryIndex)
    chip.memory[main].granularity = TestChip.measure(Bytes(1024))
    func bytes(_ pattern: String) throws -> Double {
      var settings = Settings()
      try settings.set(.pattern, to: pattern)
      var plan = try Plan(
        try Shipped.model("llama-3.1-8b"), on: chip, under: try Shipped.runtime("ideal"), settings)
      let cost = plan.evaluate(Step.decode(context: 65_536))
      return (cost.mainBytes(plan.machine) - cost.weightBytes).value
    }
    let (dilated, window) = (try bytes("dilated:4096:gap=8"), try bytes("window:4096"))
    #expect(abs(dilated / window - 4) < 0.01)
  }
}
