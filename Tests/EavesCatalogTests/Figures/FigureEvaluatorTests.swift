import Eaves
import EavesCatalog
import Quantities
import Testing

@Suite struct FigureEvaluatorTests {
  /// Three columns of a report: a number, a text, and one that is missing where nothing fits.
  static let columns = RowColumns(names: ["latency_s", "kv_cache_bytes", "bound"]) { name, row in
    switch name {
    case "latency_s": row.hasTimes ? .number(row.cost.expected.value) : .missing
    case "kv_cache_bytes": .number(row.footprint.kvCache.value)
    default: .text
    }
  }

  /// Signs leave √(1 − 2/π) of normal weights, 32 bits nothing; the others as numpy rounds them.
  @Test(arguments: [
    ("binary/128+f16, count=1048576", 0.6028, 0.005), ("binary/128+f16, seed=7", 0.6028, 0.006),
    ("q8_0, count=65536", 0.00535, 0.01), ("bf16", 0.00165, 0.02), ("f32", 0, 0),
  ])
  func roundingOfNormalWeights(options: String, expected: Double, tolerance: Double) throws {
    let ratio = try value("weight_error_ratio{format=\(options)}")
    #expect(abs(ratio - expected) <= tolerance * expected, "\(ratio)")
  }

  @Test(arguments: [
    ("format=iq2_xs", "cannot be rounded"), ("format=q9", "q9"),
    ("format=q4_0, count=33", "multiple of 32"),
    ("format=q4_0, count=1073741824", "at most"), ("format=q4_0, seed=0", "seed"),
  ])
  func whatCannotBeRoundedIsRefused(options: String, reason: String) throws {
    do {
      let ratio = try value("weight_error_ratio{\(options)}")
      Issue.record("\(ratio)")
    } catch let error as ExpressionError {
      #expect(error.text.contains(reason), "\(error.text)")
    }
  }

  private func value(_ text: String) throws -> Double {
    try FigureEvaluator(Resolver(), columns: Self.columns)
      .value(of: ExpressionParser.parse(text))
  }

  private static let quantities: [(String, Double)] = [
    ("kv_bytes_per_token{model=llama-2-7b}", 524288.0), ("layers{model=mistral-7b-v0.1}", 32),
    ("window{model=mistral-7b-v0.1}", 4096),
    ("kv_cache_bytes{model=llama-2-7b, context=1}", 524288),
    ("kv_cache_bytes{model=llama-2-7b, context=2k, batch=3, kv=f32}", 2 * 3 * 2048 * 524288),
    ("bits_per_weight{format=q4_k}", 4.5),
    ("peak_flop_per_s{chip=nvidia-a100-sxm-80, precision=f16}", 312e12),
    ("link_bytes_per_s{chip=nvidia-a100-sxm-80, link=nvlink}", 300e9),
    ("sparse_ratio{chip=nvidia-a100-sxm-80, precision=f16}", 2),
    ("sparse_ratio{chip=rpi-5, precision=f32}", 1),
    ("memory_bytes{chip=watch-class-256k}", 262144), ("state_bytes{model=llama-2-7b}", 0),
    ("distinct_experts{model=mixtral-8x7b, tokens=2}", 3.5),
    ("distinct_experts{experts=8, experts_per_token=2, tokens=2}", 3.5),
    ("attention_score_entries{tokens=128k}", 17_179_869_184),
    ("ring_block_tokens{chip=nvidia-a100-sxm-80, precision=f16, link=nvlink}", 1040),
    ("ring_block_tokens{flop_per_s=312e12, link_bytes_per_s=300e9, heads=32, kv_heads=8}", 260),
    ("checkpoint_bytes{tokens=4, batch=1, hidden=2, heads=1, recompute=full}", 16),
    ("lru_hit_ratio{experts=8, experts_per_token=2, cached=8}", 1),
    ("linear_parameters{layers=2, hidden=3, feed_forward=5}", 162),
    ("mla_cache_elements{latent=512, rotary=64}", 576),
    ("linear_attention_crossover_tokens{model=gpt2-small, features=256}", 256),
    ("kv_cache_bytes{model=llama-2-7b, attention=streamingllm, context=1M}", 1024 * 524288),
    ("kv_bytes_per_token{model=llama-2-7b, attention=gqa:8}", 131072),
    ("parameters{model=bert-base} / parameters{model=bert-base}", 1),
  ]

  @Test(arguments: quantities)
  func quantitiesOfTheCatalogueNeedNoChip(text: String, expected: Double) throws {
    #expect(abs(try value(text) - expected) <= 1e-9 * expected)
  }

  @Test func columnsAreThoseOfTheRowOfAConfiguration() throws {
    let options: [Eaves.Option: String] = [
      .model: "llama-2-7b", .chip: "nvidia-a100-sxm-80", .context: "4k", .phase: "prefill",
    ]
    var plan = try Resolver().plan(options)
    let row = plan.row(plan.settings.step)
    let text = "{model=llama-2-7b, chip=nvidia-a100-sxm-80, context=4k, phase=prefill}"
    #expect(try value("latency_s\(text)") == row.cost.expected.value)
    // The column where a chip is named, the quantity where none is: the same number.
    #expect(
      try value("kv_cache_bytes\(text) - kv_cache_bytes{model=llama-2-7b, context=4k}") == 0)
  }

  /// The parts of a step are all of it, but for what a runtime adds a layer and a step.
  @Test func operationsSumUpToTheStep() throws {
    let options: [Eaves.Option: String] = [
      .model: "llama-2-7b", .chip: "nvidia-a100-sxm-80", .context: "4k", .runtime: "ideal",
    ]
    var plan = try Resolver().plan(options)
    let names = Set(
      plan.breakdown(plan.round(plan.settings.step)).map { $0.operation.id.name })
    var sum = 0.0
    for name in names {
      sum += try value(
        "operation_s{operation=\(name.filter { $0 != "," }), model=llama-2-7b, "
          + "chip=nvidia-a100-sxm-80, context=4k, runtime=ideal}")
    }
    let whole = plan.row(plan.settings.step).cost.expected.value
    #expect(names.count > 8 && abs(sum - whole) < 1e-9 * whole)
  }

  private static let faults: [(String, Int, String)] = [
    ("kv_cache_bytes{model=llama-2-7b, attention=gqa:7}", 33, "attention: 7 groups cannot share"),
    (
      "operation_s{operation=recurrence, model=llama-2-7b, chip=rpi-5, weights=q4_0}", 12,
      "operation: the step has no operation \"recurrence\""
    ),
    ("operation_s{operation=attention, model=llama-2-7b}", 0, "operation_s has no option \"chip\""),
    ("linear_attention_crossover_tokens{model=mamba-130m}", 34, "model: mamba-130m has no softmax"),
    ("latncy_s{model=llama-2-7b}", 0, "there is no column or quantity \"latncy_s\""),
    ("1 + layers{modl=x}", 11, "layers has no option \"modl\""),
    ("layers{}", 0, "layers has no option \"model\""),
    ("layers{model=llama-2-7z}", 0, "no model \"llama-2-7z\""),
    ("latency_s{chip=rpi-5}", 0, "model: no model is named"),
    ("latency_s{model=llama-2-7b}", 0, "chip: no chip is named"),
    ("latency_s{model=llama-2-7b, chip=rpi-5, contxt=1}", 40, "there is no option \"contxt\""),
    ("layers{model=llama-2-7b, weights=zz}", 25, "weights: \"zz\" is no number format"),
    ("kv_cache_bytes{model=llama-2-7b, context=0}", 33, "context: \"0\" is no number of tokens"),
    ("bound{model=llama-3.2-1b, chip=rpi-5}", 0, "bound is a text"),
    ("window{model=llama-2-7b}", 7, "model: llama-2-7b has no windows"),
    ("distinct_experts{model=llama-2-7b, tokens=1}", 17, "model: llama-2-7b has no experts"),
    (
      "distinct_experts{experts=2, experts_per_token=3, tokens=1}", 28,
      "experts_per_token: 3 of 2 experts"
    ),
    ("distinct_experts{tokens=1}", 0, "experts: \"\" is no count"),
    ("bits_per_weight{format=zz}", 16, "format: \"zz\" is no number format"),
    ("peak_flop_per_s{chip=rpi-5, precision=f1}", 28, "precision: \"f1\" is no precision"),
    ("peak_flop_per_s{chip=rpi-5, precision=f4}", 28, "precision: rpi-5 has no rate for f4"),
    (
      "link_bytes_per_s{chip=nvidia-a100-sxm-80, link=x}", 42,
      "link: nvidia-a100-sxm-80 has no link \"x\""
    ),
    ("speculative_speedup{acceptance=1.5, cost=0.1}", 20, "acceptance: 1.5"),
    ("speculative_speedup{acceptance=x, cost=0.1}", 20, "acceptance: \"x\" is no number over 0"),
    (
      "checkpoint_bytes{tokens=1, batch=1, hidden=1, heads=1, recompute=x}", 55,
      "recompute: \"x\" is none"
    ),
    (
      "mla_crossover_tokens{latent=1, rotary=1, head_size=9, value_head_size=9}", 21,
      "latent: absorbing never costs more"
    ),
  ]

  @Test(arguments: faults)
  func whatDoesNotExistIsNamedWithItsPlace(text: String, offset: Int, problem: String) throws {
    do {
      _ = try value(text)
      Issue.record("\(text) has a value")
    } catch let error as ExpressionError {
      #expect(error.offset == offset && error.problem.hasPrefix(problem), "\(error)")
      #expect(error.reason == (problem.hasPrefix("no model") ? .notFound : .wrong))
    }
  }

  @Test func aValueThatIsMissingOrNotFiniteIsNone() throws {
    for text in [
      "latency_s{model=llama-3.1-405b, chip=rpi-5}", "1 / state_bytes{model=llama-2-7b}",
      "operation_s{operation=attention, model=llama-3.1-405b, chip=rpi-5}",
    ] {
      do {
        _ = try value(text)
        Issue.record("\(text) has a value")
      } catch let error as ExpressionError {
        #expect(error.reason == .noValue, "\(error)")
      }
    }
  }

  @Test func everyQuantityHasANameOfItsOwnAndSaysWhatItIs() {
    let names = FigureQuantity.all.map(\.name)
    #expect(Set(names).count == names.count)
    for quantity in FigureQuantity.all {
      #expect(!quantity.summary.isEmpty)
      #expect(
        Set(quantity.required + quantity.optional).count
          == quantity.required.count + quantity.optional.count, "\(quantity.name)")
    }
  }
}
