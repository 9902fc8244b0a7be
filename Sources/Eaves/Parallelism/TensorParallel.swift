/// Every matrix cut over all devices, heads and feed-forward columns apart; two sums a layer.
struct TensorParallel: Spreading {
  static let technique = Technique(
    name: "tensor", axis: .parallel, form: "--devices N --parallel tensor",
    summary: "Heads, feed-forward columns and vocabulary are cut over the devices.",
    equation: "two all-reduces of T·d a layer: 2·2(t − 1)/t·T·d·ab bytes a device",
    conditions: [
      "the devices divide the query heads and the feed-forward width",
      "with more devices than KV heads every device keeps a whole KV head: the cache shrinks no further",
    ],
    source: "Shoeybi et al., Megatron-LM, section 3; docs/method.md")

  let devices: Int

  func refusal(_ model: Model, _ choices: ModelChoices) -> Refusal? {
    for block in model.blocks.values {
      if let attention = block.attention, let refusal = refusal(attention) { return refusal }
      if let width = widths(block.feedForward).first(where: { !$0.isMultiple(of: devices) }) {
        return Refusal(
          "\(devices) devices cannot share a feed-forward width of \(width) equally",
          remedy: "take a number of devices that divides it")
      }
      for mixer in block.mixers where mixer.divided(by: devices) == nil {
        return Refusal(
          "\(mixer.shape.label) cannot be cut over \(devices) devices",
          remedy: "take --parallel pipeline, or devices that divide its heads")
      }
    }
    return nil
  }

  private func refusal(_ attention: Block.Attention) -> Refusal? {
    if !attention.heads.isMultiple(of: devices) {
      return Refusal(
        "\(devices) devices cannot share \(attention.heads) query heads equally",
        remedy: "take a number of devices that divides them")
    }
    let groups = attention.kvHeads
    if !groups.isMultiple(of: devices), !devices.isMultiple(of: groups) {
      return Refusal(
        "\(devices) devices cannot share \(groups) KV heads, nor repeat them equally",
        remedy: "take a divisor or a multiple of \(groups)")
    }
    return nil
  }

  private func widths(_ part: Block.FeedForward?) -> [Int] {
    guard let part else { return [] }
    return part.sharedSize > 0 ? [part.size, part.sharedSize] : [part.size]
  }

  func share(_ model: Model) -> Model {
    var model = model
    for (name, block) in model.blocks { model.blocks[name] = share(block) }
    model.vocabulary = (model.vocabulary + devices - 1) / devices
    return model
  }

  private func share(_ block: Block) -> Block {
    var block = block
    block.attention?.heads /= devices
    block.attention.map { block.attention?.kvHeads = max(1, $0.kvHeads / devices) }
    block.feedForward?.size /= devices
    block.feedForward?.sharedSize /= devices
    block.mixers = block.mixers.map { $0.divided(by: devices) ?? $0 }
    return block
  }

  func share(_ step: Step) -> Step { step }

  func exchangeAfterMixers(_ block: Block) -> Exchange.Kind? {
    // Where both parts read the same input, their results are summed at once.
    let isSummedLater = block.isParallel && block.feedForward != nil
    return isSummedLater || (block.attention == nil && block.mixers.isEmpty) ? nil : .allReduce
  }

  func exchangeAfterFeedForward(_ block: Block) -> Exchange.Kind? {
    block.feedForward == nil ? nil : .allReduce
  }

  func note(_ model: Model, _ choices: ModelChoices, _ machine: Machine) -> String? {
    let least = model.blocks.values.compactMap { $0.attention?.kvHeads }.min() ?? devices
    guard least < devices else { return nil }
    return "\(devices) devices repeat \(least) KV heads: the cache of one shrinks no further"
  }
}
