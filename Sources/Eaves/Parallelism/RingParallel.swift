import Quantities

/// Tokens cut over the devices: keys and values go round while each device attends to those it has.
struct RingParallel: Spreading {
  static let technique = Technique(
    name: "ring", axis: .parallel, form: "--devices N --parallel ring",
    summary: "Each device keeps a part of the tokens; keys and values travel round the ring.",
    equation: "(N − 1)·c·2·G·d_h·kb bytes a layer and device, hidden where c ≥ F·kb·G/(2·B·H)",
    conditions: [
      "every key is read: the pattern is causal or bidirectional",
      "the part of a device is long enough that attention hides the transfer",
      "a single new token has nothing to hide behind: its partial results are summed instead",
    ],
    source: "Liu et al., Ring Attention, section 3; docs/method.md")

  let devices: Int

  func refusal(_ model: Model, _ choices: ModelChoices) -> Refusal? {
    if let pattern = choices.pattern, !(pattern is Causal || pattern is Bidirectional) {
      return Refusal(
        "a ring carries every key to every device, and \(pattern.name) does not read them all",
        remedy: "take --pattern causal, or --parallel tensor")
    }
    if model.blocks.values.contains(where: { $0.attention?.window != nil }) {
      return Refusal(
        "a ring carries every key to every device, and \(model.id) has windows",
        remedy: "take --pattern causal, or --parallel tensor")
    }
    if model.blocks.values.contains(where: { $0.attention == nil || !$0.mixers.isEmpty }) {
      return Refusal(
        "a ring is for softmax attention, and \(model.id) has other mixers",
        remedy: "take --parallel tensor or pipeline")
    }
    return nil
  }

  /// A device's part of the step: c = S/N rows, which on average read n + (S − c)/2 earlier keys.
  ///
  /// A zigzag assignment balances a causal pattern. A single row is not cut: each device scores it against its part of
  /// the cache.
  func share(_ step: Step) -> Step {
    var step = step
    guard step.newTokens > 1 else {
      step.cachedTokens = (step.cachedTokens + devices - 1) / devices
      return step
    }
    let part = (step.newTokens + devices - 1) / devices
    let others = step.newTokens - part
    step.cachedTokens += step.isCausal ? others / 2 : others
    step.newTokens = part
    return step
  }

  func cached(context: Int, batch: Int) -> (context: Int, batch: Int) {
    ((context + devices - 1) / devices, batch)
  }

  /// The tokens of a device from which on attention hides the transfer: c ≥ F·kb·G/(2·B·H)
  /// (Ring Attention, section 3; with fewer KV heads than query heads by their ratio less).
  static func leastPart(
    peak: FLOPsPerSecond, bandwidth: BytesPerSecond, heads: Int, kvHeads: Int,
    bytesPerElement: Double
  ) -> Double {
    peak.value * bytesPerElement * Double(kvHeads) / (2 * bandwidth.value * Double(heads))
  }

  func note(_ model: Model, _ choices: ModelChoices, _ machine: Machine) -> String? {
    guard let attention = model.blocks.values.compactMap(\.attention).first,
      let port = machine.port(to: .device),
      let peak = machine.peak(for: choices.activations.multiply)
    else { return nil }
    let part = Self.leastPart(
      peak: peak, bandwidth: port.bandwidth, heads: attention.heads, kvHeads: attention.kvHeads,
      bytesPerElement: CompactFormat(choices.kv).bytesPerElement)
    return "the ring hides its transfers from \(Int(part.rounded(.up))) tokens a device on"
  }
}
