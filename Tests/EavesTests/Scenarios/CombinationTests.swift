import Quantities
import Testing

@testable import Eaves

/// Combinations of options that nobody has listed: each has an answer that makes sense, or is refused.
@Suite struct CombinationTests {
  /// What an option may be besides its default; the first half of draws leaves an option out.
  private static let values: [(option: Option, texts: [String])] = [
    (.weights, ["f16", "q8_0", "q4_k_m", "int8", "int4/128+f16"]),
    (.activations, ["f16", "bf16", "int8"]),
    (.kv, ["f16", "q8_0", "q4_0", "int8"]),
    (.attention, ["mha", "mqa", "gqa:2", "cla:2"]),
    (
      .pattern,
      [
        "causal", "window:1k", "local:128", "strided:128", "dilated:128:gap=4", "topk:512",
        "sinks:4+1020", "bigbird:64", "longformer:256:global=1", "block-sparse:64:density=0.25",
        "quest:1k:page=16", "minference:1k:block=64", "nsa", "dsa:512", "fixed:128",
      ]
    ),
    (
      .cache,
      [
        "full", "sinks:4+1020", "h2o:0.2", "scissorhands:1k", "tova:1k", "snapkv:1k+32",
        "pyramidkv:1k", "kivi:2", "kivi:4", "paged:16", "contiguous:16k", "prefix:1k:group=4",
        "offload:1k", "offload:1k:to=flash",
      ]
    ),
    (.schedule, ["materialised", "flash1"]),
    (.decoding, ["autoregressive", "diffusion:steps=16", "diffusion:steps=16:block=32:cache"]),
    (.parallel, ParallelList.names.filter { $0 != "none" }),
  ]

  private struct Draw: CustomStringConvertible {
    var model = ""
    var chip = ""
    var options: [Option: String] = [:]

    var description: String {
      let texts = Option.allCases.compactMap { key in options[key].map { "--\(key.rawValue) \($0)" }
      }
      return "eaves bound \(model) --on \(chip) \(texts.joined(separator: " "))"
    }

    init(_ random: inout SplitMix64) {
      func pick<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: 0..<list.count, using: &random)]
      }
      model = pick(Shipped.models)
      chip = pick(Shipped.chips)
      for (option, texts) in CombinationTests.values
      where Int.random(in: 0..<4, using: &random) == 0 {
        options[option] = pick(texts)
      }
      if options[.parallel] != nil { options[.devices] = pick(["2", "3", "4", "8"]) }
      options[.phase] = pick(["prefill", "decode"])
      options[.batch] = pick(["1", "7", "64"])
      options[.context] = pick(["1", "128", "1000", "8k", "128k"])
    }
  }

  /// The plan of a combination; `nil` where it is refused, with a sentence that says what to do.
  private func plan(_ draw: Draw) throws -> Plan? {
    let runtime = try Shipped.chip(draw.chip).defaultRuntime ?? "ideal"
    do {
      return try Shipped.plan(draw.model, on: draw.chip, under: runtime, draw.options)
    } catch let error as PlanError {
      let (problem, remedy) =
        switch error {
        case .missing(let figure): (figure.purpose, figure.remedy)
        case .option(let option), .refused(let option): (option.problem, option.remedy)
        }
      #expect(!problem.isEmpty && remedy.contains(" "), "\(draw): \(error)")
      #expect(error.description.hasSuffix(remedy))
      return nil
    }
  }

  @Test(arguments: 1...8)
  func everyCombinationHasAnAnswerThatMakesSenseOrIsRefusedWithARemedy(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var answered = 0
    let draws = (0..<25).map { _ in Draw(&random) }
    for draw in draws {
      guard var plan = try plan(draw) else { continue }
      answered += 1
      let row = plan.row(plan.settings.step)
      let cost = row.cost
      let amounts = [
        cost.lower.value, cost.expected.value, cost.upper.value, cost.energy.value,
        cost.matrix.value, cost.vector.value, cost.special.value, row.mainBytes.value,
        row.footprint.total.value, row.tokens,
      ]
      #expect(amounts.allSatisfy { $0.isFinite && $0 >= 0 }, "\(draw): \(amounts)")
      #expect(
        cost.lower > .zero && cost.lower <= cost.expected && cost.expected <= cost.upper,
        "\(draw): \(cost.lower) \(cost.expected) \(cost.upper)")
      #expect(cost.energy > .zero && row.tokens > 0, "\(draw)")
      let footprint = row.footprint
      #expect(
        footprint.weights > .zero && footprint.total >= footprint.weights
          && footprint.kvCache >= .zero && footprint.state >= .zero, "\(draw): \(footprint)")
      // Nothing is faster than the chip: main memory, and the fastest products of any precision.
      let fastest = MultiplyPrecision.allCases.compactMap { plan.machine.peak(for: $0)?.value }
        .max()
      if row.hasTimes, let fastest {
        #expect(cost.matrix.value / cost.expected.value <= fastest * (1 + 1e-9), "\(draw)")
      }
      if let share = row.mbu { #expect(share <= 1 + 1e-9, "\(draw): \(share)") }
      #expect(!row.note.contains("nan") && !row.note.contains("  "), "\(draw): \(row.note)")
    }
    // Neither side is empty.
    #expect(answered > draws.count / 4 && answered < draws.count)
  }
}
