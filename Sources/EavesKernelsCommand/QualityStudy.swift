import Eaves
import EavesCatalog
import EavesKernels
import Quantities

/// Scores configurations of one decoder on one text.
struct QualityStudy {
  let decoder: StoredDecoder
  let context: Int
  var test: TextTest

  /// One configuration, and how it did.
  struct Result: Sendable {
    let model: Model
    let settings: Settings
    /// The scheme of the weights; that of the file where none was asked for.
    let weights: String
    let score: TextScore
    let loss: TextScore.Estimate?
    let isReference: Bool
    let context: Int
    let weightBytes: Bytes
    let cacheBytes: Bytes
  }

  /// The options that change what a decoder says here.
  static let options: [Option] = [.weights, .kv, .cache, .pattern, .sparsity]

  /// Refuses what is not executed here, so that nothing is run in vain.
  /// - Throws: `DataError`, `OptionError` or `KernelError`.
  func check(_ settings: Settings) throws {
    let model = decoder.file.model
    if let refusal = settings.sparsity.refusal(model) {
      throw OptionError(.sparsity, problem: refusal.problem, remedy: refusal.remedy)
    }
    if let pattern = settings.pattern, !pattern.isCausal {
      throw OptionError(
        .pattern, problem: "\(pattern.name) lets tokens see what comes after them",
        remedy: "write a causal pattern, such as window:256")
    }
    if let attention = model.layers.first.flatMap({ model.blocks[$0]?.attention }) {
      try cache(settings).require(width: attention.kvHeads * attention.headSize)
    }
    if let name = settings.weights { try decoder.check(try WeightScheme(parsing: name)) }
  }

  private func cache(_ settings: Settings) throws(KernelError) -> DecoderCache {
    try DecoderCache(format: settings.kv, settings.cache, prompt: context / 2)
  }

  /// Scores one configuration.
  /// - Parameters:
  ///   - settings: its options; those left out are those of the file, with a cache in float32.
  ///   - progress: is told how many windows are done.
  /// - Returns: the score and what the configuration costs.
  /// - Throws: `DataError`, `OptionError` or `KernelError` where it is not executed here.
  mutating func run(_ settings: Settings, progress: (Int) -> Void) throws -> Result {
    let model = decoder.file.model
    var settings = settings
    if let snap = settings.cache.ofOneLayer as? SnapKVCache, snap.prompt == nil,
      let choice = CachePolicyList.parse("\(snap.name):prompt=\(context / 2)")
    {
      settings.cache = choice
    }
    let isReference = test.reference == nil
    var setting = try decoder.setting()
    setting.pattern = settings.pattern
    setting.cache = try cache(settings)
    var weights = decoder.weights
    let omissions = settings.sparsity.omissions(in: model)
    let kept = try test.leaveOut(omissions, of: &weights, &setting)
    if let name = settings.weights {
      try decoder.round(
        &weights, to: try WeightScheme(parsing: name), layers: kept)
    }
    let score = try test.score(setting, weights, progress: progress)
    let compiled = CompiledModel(model, settings)
    return Result(
      model: model, settings: settings, weights: compiled.choices.weights.name, score: score,
      loss: isReference ? nil : test.reference.flatMap { score.loss(against: $0) },
      isReference: isReference, context: context, weightBytes: compiled.inventory.weightBytes,
      cacheBytes: compiled.kvCacheBytes(tokens: context, batch: 1))
  }
}
