/// Whole layers are left out, spread evenly over the depth; of an encoder-decoder those of the decoder.
struct LayerPruning: Sparsity {
  /// The share of the layers that goes.
  let share: Double

  static let technique = Technique(
    name: "layers", axis: .sparsity, form: "layers:SHARE",
    summary:
      "A share of the layers goes, spread evenly over the depth: of the decoder where there is an encoder too.",
    equation: "L' = L − round(s·L); layer i stays where ⌊(i + 1)·L'/L⌋ > ⌊i·L'/L⌋",
    conditions: [
      "weights, cache and time of a layer go with it: the gain is real",
      "layers that lend their keys to others cannot go", "quality is that of a model trained again",
    ],
    source: "Sanh et al., DistilBERT, section 3 (12 to 6 layers); Whisper large-v3-turbo (32 to 4)")

  var name: String { "layers:\(share)" }

  /// The layers that are left of so many, by number.
  func kept(of count: Int) -> [Int] {
    let left = count - removed(of: count, share)
    return (0..<count).filter { ($0 + 1) * left / count > $0 * left / count }
  }

  func refusal(_ model: Model) -> Refusal? {
    let isShared = model.blocks.values.contains { block in
      block.attention?.sharesCache == true
        || block.mixers.contains { $0.shape is SharedCacheShape }
    }
    if isShared {
      return Refusal(
        "layers of \(model.id) use the keys of others, which cannot go alone",
        remedy: "take neurons:SHARE or heads:SHARE")
    }
    let isConvolutional = model.blocks.values.contains { block in
      block.mixers.contains {
        $0.shape is Convolution2D || $0.shape is InvertedResidual || $0.shape is MobileViTBlock
      }
    }
    if isConvolutional {
      return Refusal(
        "layers of \(model.id) read the channels and sizes that those before them make",
        remedy: "take a smaller model of its family")
    }
    return share.refusal(removing: "layers", of: model.layers.count)
  }

  func applied(to model: Model) -> Model {
    var model = model
    model.layers = kept(of: model.layers.count).map { model.layers[$0] }
    return model
  }
}

extension SparsityEntry {
  /// Fewer layers.
  static let layers = SparsityEntry(LayerPruning.technique) { text in
    text.share().map { LayerPruning(share: $0) }
  }
}
