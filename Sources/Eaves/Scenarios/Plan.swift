public import Quantities

/// A model on a chip under a runtime with its formats chosen: what a sweep compiles once and evaluates often.
public struct Plan: Sendable {
  public let machine: Machine
  public let model: CompiledModel
  public let settings: Settings
  /// Texts of the columns that no step changes.
  public let labels: Labels
  private var evaluator: Evaluator
  private let notes: PlanNotes

  /// Names in result rows.
  public struct Labels: Sendable, Hashable {
    public var chip: String
    public var runtime: String
    public var model: String
    public var powerMode: String
    public var weights: String
    public var kv: String
    public var activations: String
    public var attention: String
    public var pattern: String
    public var schedule: String
    public var cache: String
  }

  /// Resolves a configuration.
  /// - Parameters:
  ///   - model: the shapes.
  ///   - chip: the profile.
  ///   - runtime: what the software achieves.
  ///   - settings: the other options.
  /// - Throws: `PlanError` where the chip lacks a figure or an option does not fit the chip.
  public init(
    _ model: Model, on chip: Chip, under runtime: Runtime, _ settings: Settings
  ) throws(PlanError) {
    let mode = try Self.mode(settings.powerMode, of: chip)
    let machine: Machine
    do {
      machine = try Machine(chip, runtime, mode: mode)
    } catch {
      throw .missing(error)
    }
    let choices = ModelChoices(
      model, settings, precision: PrecisionRule(choices: machine.profile.multiply))
    let compiled = CompiledModel(model, choices)
    do {
      evaluator = try Evaluator(machine, compiled)
    } catch {
      throw .missing(error)
    }
    self.machine = machine
    self.model = compiled
    self.settings = settings
    labels = Labels(
      chip: chip.id, runtime: runtime.id, model: model.id,
      powerMode: mode?.name ?? chip.power.defaultMode ?? "", weights: choices.weights.name,
      kv: choices.kv.name, activations: choices.activations.name, attention: compiled.attentionLabel,
      pattern: compiled.patternLabel, schedule: settings.schedule.rawValue,
      cache: compiled.cacheLabel)
    notes = PlanNotes(machine, compiled)
  }

  private static func mode(
    _ name: String?, of chip: Chip
  ) throws(PlanError) -> Power.Mode? {
    guard let name else { return nil }
    if let mode = chip.power.modes.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return mode
    }
    let known = chip.power.modes.map { $0.name }
    throw .option(
      OptionError(
        .powerMode, problem: "\(chip.id) has no power mode \"\(name)\"",
        remedy: known.isEmpty ? "it lists none; leave the option out"
          : "write \(known.joined(separator: ", "))"))
  }

  /// The cost of one step.
  public mutating func evaluate(_ step: Step) -> Cost { evaluator.evaluate(step) }

  /// The cost of one step, operation by operation.
  public mutating func breakdown(_ step: Step) -> [(operation: Operation, cost: OperationCost)] {
    evaluator.breakdown(step)
  }

  /// The step that step settings mean for this model.
  public func step(_ settings: StepSettings) -> Step { settings.step(for: model.model.kind) }

  /// What must be resident at a context.
  public func footprint(context: Int, batch: Int, workspace: Bytes) -> Footprint {
    var footprint = model.footprint(context: context, batch: batch, workspace: workspace)
    footprint.capacity = machine.mainLevel.usableCapacity
    footprint.flash = machine.flashCapacity
    return footprint
  }

  /// What a reader of a row should know, in a few sentences; empty where there is nothing.
  public func note(context: Int, footprint: Footprint) -> String {
    notes.text(context: context, footprint: footprint)
  }
}

/// Why a configuration has no answer.
public enum PlanError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A profile lacks a figure.
  case missing(MissingFigure)
  /// An option does not fit the chip or the model.
  case option(OptionError)

  public var description: String {
    switch self {
    case .missing(let figure): figure.description
    case .option(let error): error.description
    }
  }
}
