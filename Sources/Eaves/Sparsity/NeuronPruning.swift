/// Columns of the feed-forward parts are left out, in dense parts, shared parts and every expert.
struct NeuronPruning: Sparsity {
  /// The share of the columns that goes.
  let share: Double

  static let technique = Technique(
    name: "neurons", axis: .sparsity, form: "neurons:SHARE",
    summary: "A share of the feed-forward columns goes, of every expert where there are several.",
    equation: "F' = F − round(s·F); weights and FLOPs of the part shrink with F'",
    conditions: [
      "dense kernels run on smaller matrices: the gain is real",
      "widths that are no multiple of 16 are padded, and of 256 are stored in other blocks by k-quants",
      "quality is that of a model trained again",
    ],
    source:
      "docs/method.md 2; He et al., Channel Pruning for Accelerating Very Deep Neural Networks")

  var name: String { "neurons:\(share)" }

  /// The columns that are left of so many.
  func kept(_ width: Int) -> Int { width - removed(of: width, share) }

  func refusal(_ model: Model) -> Refusal? {
    guard let least = model.blocks.values.compactMap(\.feedForward?.size).min() else {
      return Refusal(
        "\(model.id) has no feed-forward part to take columns from",
        remedy: "take layers:SHARE or 2:4")
    }
    return share.refusal(removing: "columns", of: least)
  }

  func applied(to model: Model) -> Model {
    var model = model
    for (name, block) in model.blocks {
      guard let part = block.feedForward else { continue }
      model.blocks[name]?.feedForward?.size = kept(part.size)
      if part.sharedSize > 0 {
        model.blocks[name]?.feedForward?.sharedSize = max(1, kept(part.sharedSize))
      }
    }
    return model
  }

  func notes(_ dense: Model, _ choices: ModelChoices) -> [String] {
    let widths = Set(dense.blocks.values.compactMap(\.feedForward?.size).map(kept)).sorted()
    guard let odd = widths.first(where: { !$0.isMultiple(of: 16) }) else { return [] }
    return ["\(odd) columns are no multiple of 16: dense kernels pad them, which is not costed"]
  }
}

extension SparsityEntry {
  /// Narrower feed-forward parts.
  static let neurons = SparsityEntry(NeuronPruning.technique) { text in
    text.share().map { NeuronPruning(share: $0) }
  }
}
