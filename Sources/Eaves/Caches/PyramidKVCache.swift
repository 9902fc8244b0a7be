/// Chooses entries of the prompt as SnapKV does, more in the first layers than in the last (PyramidKV, Cai et al.,
/// 2024).
public struct PyramidKVCache: CachePolicy {
  /// Mean entries of a layer.
  public let mean: Int
  private let selection: PromptSelection

  /// Newest entries of the prompt that every layer keeps, and β: the last layer chooses 1/β of the mean (the
  /// authors' `window_size` and `beta`).
  public static let window = 64
  static let beta = 20

  public var name: String {
    "pyramidkv:\(mean)\(selection.prompt.map { ":prompt=\($0)" } ?? "")"
  }

  /// The cache of one of `layers` layers, which have `mean` entries on average: more than the window.
  public init(mean: Int, layer: Int, layers: Int, prompt: Int? = nil, reach: Int = .max) {
    self.mean = mean
    selection = PromptSelection(
      chosen: Self.chosen(mean: mean, layer: layer, layers: layers), window: Self.window,
      prompt: prompt, reach: reach)
  }

  /// Entries that a layer chooses: an arithmetic sequence from (2 − 1/β)·c in the first layer to c/β in the last,
  /// where c = mean − window.
  ///
  /// The upper half mirrors the lower, so that the sum is c times the layers exactly.
  static func chosen(mean: Int, layer: Int, layers: Int) -> Int {
    let average = mean - window
    let last = max(1, average / beta)
    let first = 2 * average - last
    let mirrored = layers - 1 - layer
    if layer == mirrored { return average }
    if layer > mirrored { return 2 * average - chosen(mean: mean, layer: mirrored, layers: layers) }
    return first - (layer * (first - last) + (layers - 1) / 2) / (layers - 1)
  }

  public func retained(_ tokens: Int) -> Int { selection.retained(tokens) }

  /// Nothing makes room for a new token.
  public func readable(_ tokens: Int) -> Int { retained(tokens) }

  public func peak(_ tokens: Int) -> Double { selection.peak(tokens) }

  public let needsProbabilities = true
  public let isLossless = false
  public let hasUpkeep = true

  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    selection.emit(step, layer, into: &buffer)
  }

  public func note(_ layer: CacheLayer) -> String? { selection.note("pyramidkv", layer) }
}

extension CacheEntry {
  static let pyramidKV = CacheEntry(
    "pyramidkv:MEAN[:prompt=TOKENS]", example: "pyramidkv:1024",
    summary: "Chooses entries of the prompt as SnapKV does, fewer the deeper the layer.",
    equation: "Σ over layers of entries = L·mean; from (2 − 1/20)·(mean − 64) + 64 in the first "
      + "layer to (mean − 64)/20 + 64 in the last",
    conditions: [
      "The mean is above the window of 64.",
      "Layers differ, so a paged allocator needs a table for each.",
      "Without prompt= all cached tokens are taken for the prompt.",
    ] + evictingConditions,
    source: "Cai et al., PyramidKV, 2024, section 4; window 64 and β = 20 as in the authors' code"
  ) { option in
    guard let mean = option.count(), mean > PyramidKVCache.window,
      let prompt = option.promptTokens()
    else { return nil }
    let name = PyramidKVCache(mean: mean, layer: 0, layers: 1, prompt: prompt).name
    return CacheChoice(name, isPerLayer: true) { site in
      PyramidKVCache(
        mean: mean, layer: site.layer, layers: site.layers, prompt: prompt, reach: site.reach)
    }
  }
}
