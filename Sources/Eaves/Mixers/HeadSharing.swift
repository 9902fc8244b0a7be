/// Which heads share keys and values, as `--attention` asks for it instead of the model's own.
public enum HeadSharing: Sendable, Hashable {
  /// Every query head has keys and values of its own.
  case multiHead
  /// `groups` KV heads (GQA); 1 is MQA.
  case grouped(Int)
  /// Of each `factor` layers the first has keys and values, the others use them (CLA).
  case crossLayer(Int)
  /// Keys and values of all heads come from one latent of `rank` elements and a rotated part of `rotary`; 0 for
  /// DeepSeek's four and a half heads' widths.
  case latent(rank: Int, rotary: Int)

  /// Text that parses back.
  public var name: String {
    switch self {
    case .multiHead: "mha"
    case .grouped(1): "mqa"
    case .grouped(let groups): "gqa:\(groups)"
    case .crossLayer(let factor): "cla:\(factor)"
    case .latent(0, _): "mla"
    case .latent(let rank, let rotary): "mla:\(rank)+\(rotary)"
    }
  }

  /// What can be written, for messages.
  public static let forms = [
    "model", "mha", "gqa:GROUPS", "mqa", "cla:LAYERS", "mla[:RANK+ROTARY]",
  ]

  /// Reads `mha`, `gqa:8`, `mqa`, `cla:2`, `mla` or `mla:512+64`; `nil` where the text is none of them.
  public static func parse(_ text: String) -> HeadSharing? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first, parts.count) {
    case ("mha", 1): return .multiHead
    case ("mqa", 1): return .grouped(1)
    case ("gqa", 2):
      return Int(parts[1]).flatMap { (1...100_000).contains($0) ? .grouped($0) : nil }
    case ("cla", 2):
      return Int(parts[1]).flatMap { (2...1000).contains($0) ? .crossLayer($0) : nil }
    case ("mla", 1): return .latent(rank: 0, rotary: 0)
    case ("mla", 2):
      guard var option = OptionText(parsing: text), let widths = option.counts(joinedBy: "+"),
        ModelLimits.heads.contains(widths.first), ModelLimits.heads.contains(widths.second)
      else { return nil }
      return .latent(rank: widths.first, rotary: widths.second)
    default: return nil
    }
  }

  /// A model with its softmax attention shared so, cross-attention included; everything else stays.
  func applied(to model: Model) -> Model {
    var model = model
    for (name, block) in model.blocks {
      model.blocks[name]?.mixers = block.mixers.map { $0.shared(self) }
    }
    switch self {
    case .multiHead:
      for name in model.blocks.keys {
        model.blocks[name]?.attention.map { model.blocks[name]?.attention?.kvHeads = $0.heads }
      }
    case .grouped(let groups):
      for name in model.blocks.keys { model.blocks[name]?.attention?.kvHeads = groups }
    case .crossLayer(let factor): shareAcrossLayers(&model, factor)
    case .latent(let rank, let rotary):
      for name in model.blocks.keys { makeLatent(&model.blocks[name], rank, rotary) }
    }
    return model
  }

  /// Keys of d_h of the latent and d_r rotated, values of d_h; the latent has 4·d_h and d_r is d_h/2 where not
  /// given (DeepSeek-V2, section 2.1.4 and 3.1.2).
  private func makeLatent(_ block: inout Block?, _ rank: Int, _ rotary: Int) {
    guard let attention = block?.attention, !attention.sharesCache else { return }
    block?.attention = nil
    let shape = LatentAttentionShape(
      heads: attention.heads, queryRank: nil, kvRank: rank > 0 ? rank : 4 * attention.headSize,
      rotaryWidth: rank > 0 ? rotary : max(1, attention.headSize / 2),
      plainWidth: attention.headSize, valueWidth: attention.valueHeadSize)
    block?.mixers.insert(AnyMixerShape(shape), at: 0)
  }

  private func shareAcrossLayers(_ model: inout Model, _ factor: Int) {
    var seen: [String: Int] = [:]
    for (index, name) in model.layers.enumerated() {
      guard var block = model.blocks[name], block.attention?.sharesCache == false else { continue }
      let place = seen[name, default: 0]
      seen[name] = place + 1
      guard !place.isMultiple(of: factor) else { continue }
      block.attention?.sharesCache = true
      let shared = "\(name)+shared"
      model.blocks[shared] = block
      model.layers[index] = shared
    }
  }

  /// Why a model cannot be shared so; `nil` where it can.
  public func refusal(_ model: Model) -> Refusal? {
    let attentions = model.blocks.values.compactMap(\.attention)
    guard !attentions.isEmpty else {
      return Refusal(
        "\(model.id) has no softmax attention whose heads could share",
        remedy: "leave --attention out")
    }
    if case .grouped(let groups) = self,
      let heads = attentions.map(\.heads).first(where: { !$0.isMultiple(of: groups) })
    {
      return Refusal(
        "\(groups) groups cannot share \(heads) query heads equally",
        remedy: "take a divisor of \(heads)")
    }
    return nil
  }

  /// What each member of the axis is.
  public static let techniques = [
    Technique(
      name: "mha", axis: .attention, form: "mha",
      summary: "Every query head has keys and values of its own.",
      equation: "KV bytes a token = 2·L·H·d_h·kb; decode intensity 2/kb FLOP a byte",
      source: "Vaswani et al., Attention Is All You Need, section 3.2"),
    Technique(
      name: "gqa", axis: .attention, form: "gqa:GROUPS",
      summary: "Groups of query heads share the keys and values of one KV head.",
      equation: "KV bytes a token = 2·L·G·d_h·kb; decode intensity (H/G)·2/kb FLOP a byte",
      conditions: [
        "trained in, or converted with further training",
        "the kernel packs the query heads of a KV head into one tile",
        "tensor parallel beyond G devices repeats KV heads",
      ],
      source: "Ainslie et al., GQA, section 2.2"),
    Technique(
      name: "mqa", axis: .attention, form: "mqa",
      summary: "All query heads share the keys and values of one head.",
      equation: "GQA with G = 1", conditions: ["trained in, or converted with further training"],
      source: "Shazeer, Fast Transformer Decoding"),
    Technique(
      name: "mla", axis: .attention, form: "mla[:RANK+ROTARY]",
      summary:
        "Keys and values of all heads are made of one latent a token, which the cache holds.",
      equation: "KV bytes a token = L·(d_c + d_r)·kb; d_c = 4·d_h, d_r = d_h/2 unless given",
      conditions: [
        "trained in", "2.25 times the cache of MQA with heads of the same width",
        "the latent does not shrink when heads are spread over devices",
      ],
      source: "DeepSeek-AI, DeepSeek-V2, section 2.1, Table 1"),
    Technique(
      name: "cla", axis: .attention, form: "cla:LAYERS",
      summary: "Layers use the keys and values of an earlier layer.",
      equation: "KV bytes a token = 2·(L/k)·G·d_h·kb; every layer still reads a cache",
      conditions: ["trained in", "bytes read in decode stay: only what is kept shrinks"],
      source: "Brandon et al., Reducing Transformer Key-Value Cache Size with Cross-Layer Attention"
    ),
  ]
}
