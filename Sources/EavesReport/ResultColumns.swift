public import Eaves
import Quantities

/// The columns that every result row has, in the order of the command's contract.
public enum ResultColumns {
  /// All of them.
  public static let all: [Column<ResultRow>] =
    configuration + times + work + memory + derived

  /// The columns of a result, with those of a request where there is one.
  public static func columns(withRequest: Bool) -> [Column<ResultRow>] {
    withRequest ? all + requestColumns : all
  }

  /// What people look at when they compare along one option.
  public static func comparison(of option: Option) -> [Column<ResultRow>] {
    let own: [Option: String] = [
      .context: "context_tokens", .prompt: "new_tokens", .powerMode: "power_mode",
    ]
    let names =
      [
        own[option] ?? option.rawValue, "phase", "latency_lower_s", "latency_s", "tokens_per_s",
        "bound", "bound_at", "weight_bytes", "footprint_bytes", "fits", "energy_per_token_j",
        "paper_speedup_ratio", "realised_speedup_ratio",
      ] + (option == .weights ? ["quality_loss_ratio"] : []) + ["note"]
    return names.compactMap { name in all.first { $0.name == name } }
  }

  private static let configuration: [Column<ResultRow>] = [
    .text("chip") { $0.labels.chip },
    .text("runtime") { $0.labels.runtime },
    .text("model") { $0.labels.model },
    .text("phase") { $0.phase.rawValue },
    .integer("batch") { $0.batch },
    .integer("context_tokens") { $0.context },
    .integer("new_tokens") { $0.newTokens },
    .integer("devices") { $0.labels.devices },
    .text("parallel") { $0.labels.parallel },
    .text("power_mode") { $0.labels.powerMode.isEmpty ? nil : $0.labels.powerMode },
    .text("weights") { $0.labels.weights },
    .text("kv") { $0.labels.kv },
    .text("activations") { $0.labels.activations },
    .text("attention") { $0.labels.attention },
    .text("pattern") { $0.labels.pattern },
    .text("schedule") { $0.labels.schedule },
    .text("cache") { $0.labels.cache },
    .text("sparsity") { $0.labels.sparsity },
    .text("decoding") { $0.labels.decoding },
    .text("experts") { $0.labels.experts },
  ]

  private static let times: [Column<ResultRow>] = [
    .quantity("latency_lower") { $0.hasTimes ? $0.cost.lower : nil },
    .quantity("latency") { $0.hasTimes ? $0.cost.expected : nil },
    .quantity("latency_upper") { $0.hasTimes ? $0.cost.upper : nil },
    .quantity("latency_p10") { _ in Seconds?.none },
    .quantity("latency_p90") { _ in Seconds?.none },
    .quantity("") { $0.tokenRate },
    .text("bound") { $0.bound.kind },
    .text("bound_at") { $0.bound.place },
    .quantity("intensity") { $0.intensity },
    .quantity("ridge") { $0.ridge },
  ]

  private static let work: [Column<ResultRow>] = [
    .quantity("matrix") { $0.cost.matrix },
    .quantity("vector") { $0.cost.vector },
    .quantity("special") { $0.cost.special },
  ]

  private static let memory: [Column<ResultRow>] = [
    .quantity("weight") { $0.cost.weightBytes },
    .quantity("cache_read") { $0.cost.cacheReadBytes },
    .quantity("cache_write") { $0.cost.cacheWriteBytes },
    .quantity("activation") { $0.cost.activationBytes },
    .quantity("main_memory") { $0.mainBytes },
    .quantity("footprint") { $0.footprint.total },
    .quantity("weights_resident") { $0.footprint.weights },
    .quantity("kv_cache") { $0.footprint.kvCache },
    .quantity("state") { $0.footprint.state },
    .boolean("fits") { $0.footprint.fits },
  ]

  private static let derived: [Column<ResultRow>] = [
    .quantity("energy") { $0.hasTimes ? $0.cost.energy : nil },
    .quantity("energy_per_token") { $0.hasTimes ? $0.cost.energy / $0.tokens : nil },
    .ratio("mfu") { $0.mfu },
    .ratio("mbu") { $0.mbu },
    .ratio("paper_speedup") { $0.speedup?.paper },
    .ratio("realised_speedup") { $0.speedup?.realised },
    .text("note") { $0.note.isEmpty ? nil : $0.note },
    .ratio("quality_loss") { $0.labels.quality?.loss },
    .text("quality_evidence") { $0.labels.quality?.evidence },
  ]

  /// Only where a prompt and a number of tokens to generate are given.
  public static let requestColumns: [Column<ResultRow>] = [
    .integer("prompt_tokens") { $0.request?.promptTokens },
    .integer("generate_tokens") { $0.request?.generateTokens },
    .quantity("ttft") { $0.request?.ttft },
    .quantity("tpot") { $0.request?.tpot },
    .quantity("request") { $0.request?.total },
  ]
}
