import Eaves

/// The steps of a grid in its order, and the steps of their baselines: read once, made one at a time.
struct StepGrid {
  private let axes: [StepAxis]
  private let baseline: [StepAxis]

  /// One option with the steps that its values make of the default.
  private struct StepAxis {
    let option: Option
    let values: [StepSettings]

    init(_ option: Option, _ texts: [String]) throws(OptionError) {
      self.option = option
      values = try texts.map { text throws(OptionError) in try Settings([option: text]).step }
    }
  }

  /// The step options of a grid and of a baseline.
  /// - Throws: `OptionError` at the first value that its option does not take.
  init(_ grid: Grid, baseline: [Option: String]) throws(OptionError) {
    axes = try grid.inner.axes.map { axis throws(OptionError) in
      try StepAxis(axis.option, axis.values)
    }
    self.baseline = try Option.allCases.filter { $0.isStepOption && baseline[$0] != nil }.map {
      option throws(OptionError) in
      try StepAxis(option, [baseline[option] ?? ""])
    }
  }

  /// Calls `body` with each step and the step of its baseline; the last axis varies fastest.
  /// - Parameters:
  ///   - onePhase: whether phases are the same pass, as in an encoder, so that only one is made.
  ///   - body: receives the steps.
  func forEach(
    onePhase: Bool = false, _ body: (StepSettings, StepSettings) throws -> Void
  ) rethrows {
    let isRepeated = onePhase && axes.contains { $0.option == .phase && $0.values.count > 1 }
    try forEach(from: 0, StepSettings()) { step, baseline in
      if isRepeated && step.phase == .decode { return }
      try body(step, baseline)
    }
  }

  private func forEach(
    from place: Int, _ settings: StepSettings,
    _ body: (StepSettings, StepSettings) throws -> Void
  ) rethrows {
    guard place < axes.count else {
      var reference = settings
      for axis in baseline { reference.copy(axis.option, of: axis.values[0]) }
      return try body(settings, reference)
    }
    var settings = settings
    for value in axes[place].values {
      settings.copy(axes[place].option, of: value)
      try forEach(from: place + 1, settings, body)
    }
  }
}

extension StepSettings {
  /// Takes the value of one option from another step.
  fileprivate mutating func copy(_ option: Option, of other: StepSettings) {
    switch option {
    case .phase: phase = other.phase
    case .batch: batch = other.batch
    case .context: context = other.context
    case .prompt: prompt = other.prompt
    case .generate: generate = other.generate
    default: break
    }
  }
}
