import Quantities

extension CompiledModel {
  /// The head sharing of the layers: "gqa:8"; several joined by "+".
  public var attentionLabel: String {
    Self.joined(
      model.layers.flatMap { name -> [String] in
        guard let block = model.blocks[name] else { return [] }
        return [block.attention?.sharing].compactMap(\.self) + block.mixers.map(\.shape.label)
      }.filter { !$0.isEmpty })
  }

  /// The patterns of the layers: "window:1024+causal"; "none" where no layer has attention.
  public var patternLabel: String {
    Self.joined(groups.flatMap { $0.mixers.compactMap { $0.patternName } })
  }

  /// The cache policies of the layers: "rolling+full"; "none" where there is no cache.
  public var cacheLabel: String {
    guard model.kind.keepsCache || choices.keepsApproximateCache else { return "none" }
    return Self.joined(groups.flatMap { $0.mixers.compactMap { $0.cacheName } })
  }

  /// Whether some layer keeps entries of earlier tokens; a model of recurrent layers alone keeps none.
  public var keepsTokens: Bool { kvCacheBytes(tokens: 1, batch: 1) > .zero }

  /// What a reader should know of the caches of the layers, one sentence each.
  var cacheNotes: [String] { Self.distinct(groups.flatMap { $0.mixers.compactMap(\.cacheNote) }) }

  /// Distinct names in order of appearance, in one text.
  private static func joined(_ names: [String]) -> String {
    let names = distinct(names)
    return names.isEmpty ? "none" : names.joined(separator: "+")
  }

  private static func distinct(_ names: [String]) -> [String] {
    var distinct: [String] = []
    for name in names where !name.isEmpty && !distinct.contains(name) { distinct.append(name) }
    return distinct
  }
}
