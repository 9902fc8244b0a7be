import Eaves
import EavesKernels
import EavesReport
import Quantities

extension QualityStudy.Result {
  /// The columns of `models measure`: the configuration, what it loses, what it costs.
  static let columns: [Column<Self>] = [
    .text("model") { $0.model.id },
    .text("weights") { $0.weights },
    .text("kv") { $0.settings.kv?.name ?? "f32" },
    .text("cache") { $0.settings.cache.name },
    .text("pattern") { $0.settings.pattern?.name ?? "model" },
    .text("sparsity") { $0.settings.sparsity.name },
    .integer("context_tokens") { $0.context },
    .integer("windows") { $0.score.count },
    .integer("scored_tokens") { $0.score.tokens },
    number("perplexity") { $0.score.perplexity.mean },
    number("perplexity_spread") { $0.score.perplexity.spread },
    .ratio("quality_loss") { $0.loss?.mean },
    .ratio("quality_loss_spread") { $0.loss?.spread },
    number("divergence_nats") { $0.isReference ? nil : $0.score.divergence.mean },
    number("divergence_spread_nats") { $0.isReference ? nil : $0.score.divergence.spread },
    .ratio("same_top") { $0.isReference ? nil : $0.score.sameTop },
    .quantity("weights_resident") { $0.weightBytes },
    .quantity("kv_cache") { $0.cacheBytes },
  ]

  private static func number(
    _ name: String, _ value: @escaping @Sendable (borrowing Self) -> Double?
  ) -> Column<Self> {
    Column(
      name: name, alignment: .right, display: { significant($0, digits: 4) },
      value: { Cell(value($0)) })
  }
}
