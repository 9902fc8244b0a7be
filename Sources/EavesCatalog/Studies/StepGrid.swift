import Eaves

/// The steps of a grid in its order, and the steps of their baselines: read once, made one at a time.
struct StepGrid {
  private let axes: [StepAxis]
  private let baseline: [StepAxis]

  /// One option with the steps that its values make of the default.
  private struct StepAxis {
    let option: Option
    let values: [StepSettings]
    /// Whether the baseline has a value of its own.
    let isReplaced: Bool
  }

  /// The step that a step is compared to.
  struct Reference {
    var settings: StepSettings
    /// Its place among all such steps.
    var index = 0
    /// The place of the step itself in the grid.
    var place = 0
  }

  /// The step options of a grid and of a baseline.
  /// - Throws: `OptionError` at the first value that its option does not take.
  init(_ grid: Grid, baseline: [Option: String]) throws(OptionError) {
    axes = try grid.inner.axes.map { axis throws(OptionError) in
      try StepAxis(
        option: axis.option, values: Self.steps(axis.option, axis.values),
        isReplaced: baseline[axis.option] != nil)
    }
    self.baseline = try Option.allCases.filter { $0.isStepOption && baseline[$0] != nil }.map {
      option throws(OptionError) in
      try StepAxis(
        option: option, values: Self.steps(option, [baseline[option] ?? ""]), isReplaced: true)
    }
  }

  private static func steps(
    _ option: Option, _ texts: [String]
  ) throws(OptionError) -> [StepSettings] {
    try texts.map { text throws(OptionError) in try Settings([option: text]).step }
  }

  /// How many different steps are compared to.
  var referenceCount: Int {
    axes.reduce(1) { $1.isReplaced ? $0 : $0 * $1.values.count }
  }

  /// Calls `body` with each step and the step it is compared to; the last axis varies fastest.
  /// - Parameters:
  ///   - onePhase: whether phases are the same pass, as in an encoder, so that only one is made.
  ///   - body: receives the steps.
  func forEach(
    onePhase: Bool = false, _ body: (StepSettings, Reference) throws -> Void
  ) rethrows {
    var reference = Reference(settings: StepSettings())
    for axis in baseline { reference.settings.copy(axis.option, of: axis.values[0]) }
    let isRepeated = onePhase && axes.contains { $0.option == .phase && $0.values.count > 1 }
    try forEach(from: 0, StepSettings(), reference) { step, reference in
      if isRepeated && step.phase == .decode { return }
      try body(step, reference)
    }
  }

  /// How many steps there are, those of repeated phases too.
  var count: Int { axes.reduce(1) { $0 * $1.values.count } }

  /// The step at a place of the grid; `nil` where phases are the same pass and another place has it.
  func step(at place: Int, onePhase: Bool) -> StepSettings? {
    var (step, rest) = (StepSettings(), place)
    for axis in axes.reversed() {
      let count = axis.values.count
      step.copy(axis.option, of: axis.values[rest % count])
      if onePhase, axis.option == .phase, count > 1, step.phase == .decode { return nil }
      rest /= count
    }
    return step
  }

  private func forEach(
    from place: Int, _ step: StepSettings, _ reference: Reference,
    _ body: (StepSettings, Reference) throws -> Void
  ) rethrows {
    guard place < axes.count else { return try body(step, reference) }
    let axis = axes[place]
    var step = step
    for (digit, value) in axis.values.enumerated() {
      step.copy(axis.option, of: value)
      var inner = reference
      inner.place = reference.place * axis.values.count + digit
      if !axis.isReplaced {
        inner.settings.copy(axis.option, of: value)
        inner.index = reference.index * axis.values.count + digit
      }
      try forEach(from: place + 1, step, inner, body)
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
