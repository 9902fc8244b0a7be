/// Experts cut over the devices, sequences too.
struct ExpertParallel: Spreading {
  static let technique = Technique(
    name: "expert", axis: .parallel, form: "--devices N --parallel expert",
    summary: "Each device keeps some of the experts and serves some of the sequences.",
    equation: "two all-to-alls a layer of experts: 2·T·k·d·ab·(e − 1)/e bytes a device",
    conditions: [
      "the model has experts, and the devices divide them",
      "everything but the experts is kept on every device",
    ],
    source: "Lepikhin et al., GShard, section 2.2; docs/method.md")

  let devices: Int

  func refusal(_ model: Model, _ choices: ModelChoices) -> Refusal? {
    let counts = model.blocks.values.compactMap { $0.feedForward?.experts }.filter { $0 > 0 }
    guard let most = counts.max() else {
      return Refusal(
        "\(model.id) has no experts to spread", remedy: "take --parallel tensor or pipeline")
    }
    guard counts.allSatisfy({ $0.isMultiple(of: devices) }) else {
      return Refusal(
        "\(devices) devices cannot share \(most) experts equally",
        remedy: "take a number of devices that divides them")
    }
    return nil
  }

  func share(_ model: Model) -> Model {
    var model = model
    for (name, block) in model.blocks where (block.feedForward?.experts ?? 0) > 0 {
      model.blocks[name]?.feedForward?.expertDevices = devices
    }
    return model
  }

  func share(_ step: Step) -> Step {
    var step = step
    step.sequences = step.batch
    step.batch = (step.batch + devices - 1) / devices
    return step
  }

  func exchangeAfterFeedForward(_ block: Block) -> Exchange.Kind? {
    guard let part = block.feedForward, part.experts > 0 else { return nil }
    return .allToAll(expertsPerToken: part.expertsPerToken)
  }

  func cached(context: Int, batch: Int) -> (context: Int, batch: Int) {
    (context, (batch + devices - 1) / devices)
  }
}
