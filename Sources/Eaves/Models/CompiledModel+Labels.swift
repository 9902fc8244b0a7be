extension CompiledModel {
  /// The head sharing of the layers: "gqa:8"; several joined by "+".
  public var attentionLabel: String {
    Self.joined(model.layers.compactMap { model.blocks[$0]?.attention.sharing })
  }

  /// The patterns of the layers: "window:1024+causal".
  public var patternLabel: String {
    Self.joined(groups.compactMap { ($0.mixer as? SoftmaxAttention)?.pattern.name })
  }

  /// The cache policies of the layers: "rolling+full"; "none" where there is no cache.
  public var cacheLabel: String {
    guard model.kind == .decoder else { return "none" }
    return Self.joined(groups.compactMap { ($0.mixer as? SoftmaxAttention)?.cache.name })
  }

  /// Distinct names in order of appearance.
  private static func joined(_ names: [String]) -> String {
    var distinct: [String] = []
    for name in names where !distinct.contains(name) { distinct.append(name) }
    return distinct.joined(separator: "+")
  }
}
