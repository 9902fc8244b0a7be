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

  /// The conditions of the literature, but for those of speculative decoding.
  @Test(arguments: [
    "fits", "native_math", "tile_aligned", "sram_fits_tile", "exposes_probs", "causal_ok",
    "fixed_nmax", "position_reindex", "trained_in", "lossless", "overlap_ok", "kv_replicated",
    "gather_granularity", "state_precision", "sparse_2_4", "structured_only",
  ])
  func everyConditionIsAsked(name: String) {
    #expect(Validity.predicates.contains { $0.name == name })
  }

  /// 16 queries, 16 keys and their values of 256 elements, and scores, take 33 kB.
  @Test func aTileThatFitsNoNearMemoryIsRefused() throws {
    var chip = TestChip.make(cache: Bytes(32_000))
    func plan() throws -> Plan {
      try Plan(
        try Shipped.model("gemma-3-1b"), on: chip, under: try Shipped.runtime("ideal"), Settings())
    }
    // A cache lets a kernel spill: that is worth a note.
    let spilled = try plan()
    let footprint = spilled.footprint(StepSettings(), workspace: .zero)
    #expect(spilled.note(context: 8192, footprint: footprint).contains("a tile of 16 queries"))
    chip.memory[0].management = .software
    do {
      _ = try plan()
      Issue.record("it was costed")
    } catch PlanError.refused(let error) {
      #expect(error.option == .schedule && error.remedy.contains("materialised"))
    }
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
    ("qwen2.5-0.5b", [.weights: "q4_k_m"], "no whole blocks"),
    ("llama-3.1-405b", [:], "the weights alone need"),
    ("llama-3.1-8b", [.cache: "sinks:4+1020"], "positions within the cache"),
    ("llama-3.1-8b", [.cache: "tova:1024"], "does not hand out"),
  ])
  func whatAReaderShouldKnowIsSaid(
    model: String, options: [Option: String], part: String
  ) throws {
    let plan = try Shipped.plan(model, on: Self.chip, under: "ideal", options)
    let footprint = plan.footprint(StepSettings(), workspace: .zero)
    #expect(plan.note(context: 4096, footprint: footprint).contains(part))
  }

  /// A pattern of blocks on an array whose programs are laid out beforehand.
  @Test func scatteredKeysOnAnNPUAreDoubted() throws {
    let npu = Shipped.chips.first { name in
      (try? Shipped.chip(name))?.engines.allSatisfy { $0.unit == .npu } == true
        && (try? Shipped.plan(
          "bigbird-base", on: name, under: "ideal",
          [.activations: "int8", .kv: "int8", .weights: "int8"])) != nil
    }
    let plan = try Shipped.plan(
      "bigbird-base", on: try #require(npu), under: "ideal",
      [.activations: "int8", .kv: "int8", .weights: "int8"])
    let footprint = plan.footprint(StepSettings(), workspace: .zero)
    #expect(plan.note(context: 4096, footprint: footprint).contains("is not in its profile"))
  }

  /// A table of 512 rows has no answer for the 513th token.
  @Test func textsPastATableAreOnPaperOnly() throws {
    let plan = try Shipped.plan("linformer-roberta-base", on: Self.chip, under: "ideal")
    let footprint = plan.footprint(StepSettings(), workspace: .zero)
    #expect(!plan.note(context: 512, footprint: footprint).contains("on paper only"))
    #expect(plan.note(context: 513, footprint: footprint).contains("on paper only"))
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
