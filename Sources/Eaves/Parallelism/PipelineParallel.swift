/// Layers cut over the devices, batches over time.
struct PipelineParallel: Spreading {
  static let technique = Technique(
    name: "pipeline", axis: .parallel, form: "--devices N --parallel pipeline",
    summary:
      "Each device keeps some of the layers; parts of the batch follow one another through them.",
    equation: "step = (m + p − 1)/p · step(b/m), m = min(b, p); T·d·ab bytes a boundary",
    conditions: ["one sequence gains nothing: its token passes every layer in turn"],
    source: "Huang et al., GPipe, section 2; docs/method.md")

  let devices: Int

  func refusal(_ model: Model, _ choices: ModelChoices) -> Refusal? {
    guard model.layers.count < devices else { return nil }
    return Refusal(
      "\(model.layers.count) layers are fewer than \(devices) devices",
      remedy: "take at most as many devices as layers")
  }

  /// Parts of a batch.
  private func parts(_ batch: Int) -> Int { min(batch, devices) }

  func share(_ step: Step) -> Step {
    var step = step
    let parts = parts(step.batch)
    step.batch = (step.batch + parts - 1) / parts
    return step
  }

  /// Every part passes p stages; m of them end m + p − 1 stage times after the first has begun.
  func timeFactor(batch: Int) -> Double {
    Double(parts(batch) + devices - 1) / Double(devices)
  }

  /// One part after the other does the work of the batch.
  func workFactor(batch: Int) -> Double { Double(parts(batch)) }

  var exchangeAfterLayers: Exchange.Kind? { .toNext(times: devices) }

  func layerShare(_ model: Model) -> Double {
    let most = (model.layers.count + devices - 1) / devices
    return Double(most) / Double(model.layers.count)
  }

  func note(_ model: Model, _ choices: ModelChoices, _ machine: Machine) -> String? {
    "work and bytes are those of one part of the batch through all stages"
  }
}
