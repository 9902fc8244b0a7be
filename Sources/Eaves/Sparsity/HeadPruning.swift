/// Whole attention heads are left out.
///
/// Heads that share keys and values go group by group, so that a cache shrinks by as many KV heads as whole
/// groups go; spread over the groups, none of them goes as long as it has a head left.
struct HeadPruning: Sparsity {
  /// The share of the heads that goes.
  let share: Double
  /// Whether heads go from all groups alike.
  let isSpread: Bool

  static let technique = Technique(
    name: "heads", axis: .sparsity, form: "heads:SHARE[:spread]",
    summary:
      "A share of the attention heads goes: their queries, their part of the output, and whole groups' keys.",
    equation: "H' = H − r, r = round(s·H); G' = G − ⌊r·G/H⌋, or min(G, H') where they are spread",
    conditions: [
      "attention weights and FLOPs shrink with the heads, the cache only by whole groups",
      "a latent cache (MLA) does not shrink", "quality is that of a model trained again",
    ],
    source: "Michel et al., Are Sixteen Heads Really Better than One?, section 3; docs/method.md 2"
  )

  var name: String { "heads:\(share)" + (isSpread ? ":spread" : "") }

  /// The heads and groups that are left of so many.
  func kept(heads: Int, groups: Int) -> (heads: Int, groups: Int) {
    let gone = removed(of: heads, share)
    let left = heads - gone
    // Without shared heads every head is a group.
    if groups >= heads { return (left, left) }
    return (left, isSpread ? min(groups, left) : max(1, groups - gone * groups / heads))
  }

  func refusal(_ model: Model) -> Refusal? {
    let counts = model.headCounts
    guard let least = counts.min() else {
      return Refusal(
        "\(model.id) has no attention heads to leave out",
        remedy: "take neurons:SHARE, layers:SHARE or 2:4")
    }
    if model.blocks.values.contains(where: { $0.mixers.contains { $0.shape is SharedCacheShape } })
    {
      return Refusal(
        "heads of many layers of \(model.id) read one cache, which all would have to leave alike",
        remedy: "take neurons:SHARE or 2:4")
    }
    return share.refusal(removing: "heads", of: least)
  }

  func applied(to model: Model) -> Model {
    var model = model
    for (name, block) in model.blocks {
      model.blocks[name]?.mixers = block.mixers.map { $0.withHeads(self) }
      guard let attention = block.attention else { continue }
      let (heads, groups) = kept(heads: attention.heads, groups: attention.kvHeads)
      model.blocks[name]?.attention?.heads = heads
      model.blocks[name]?.attention?.kvHeads = groups
    }
    return model
  }

  func notes(_ dense: Model, _ choices: ModelChoices) -> [String] {
    for attention in dense.blocks.values.compactMap(\.attention).sorted(by: { $0.heads < $1.heads })
    where attention.kvHeads < attention.heads {
      let (heads, groups) = kept(heads: attention.heads, groups: attention.kvHeads)
      if groups == attention.kvHeads {
        return [
          "\(attention.heads - heads) of \(attention.heads) heads go and none of the "
            + "\(groups) groups: the cache stays"
        ]
      }
      if !heads.isMultiple(of: groups) {
        return ["\(heads) heads over \(groups) groups are uneven: kernels pad them"]
      }
    }
    return []
  }
}

extension AnyMixerShape {
  /// The same with the heads that pruning leaves; itself where it has none that can go.
  func withHeads(_ pruning: HeadPruning) -> AnyMixerShape {
    if var latent = shape as? LatentAttentionShape {
      latent.heads = pruning.kept(heads: latent.heads, groups: latent.heads).heads
      return AnyMixerShape(latent)
    }
    if var cross = shape as? CrossAttentionShape {
      (cross.attention.heads, cross.attention.kvHeads) = pruning.kept(
        heads: cross.attention.heads, groups: cross.attention.kvHeads)
      return AnyMixerShape(cross)
    }
    return self
  }
}

extension Model {
  /// Query heads of every kind of softmax attention in it.
  fileprivate var headCounts: [Int] {
    blocks.values.flatMap { block -> [Int] in
      let mixers = block.mixers.compactMap { mixer in
        (mixer.shape as? LatentAttentionShape)?.heads
          ?? (mixer.shape as? CrossAttentionShape)?.attention.heads
      }
      return mixers + [block.attention?.heads].compactMap(\.self)
    }
  }
}

extension SparsityEntry {
  /// Fewer heads.
  static let heads = SparsityEntry(HeadPruning.technique) { text in
    guard let share = text.share() else { return nil }
    let word = text.text()
    guard word == nil || word == "spread" else { return nil }
    return HeadPruning(share: share, isSpread: word != nil)
  }
}
