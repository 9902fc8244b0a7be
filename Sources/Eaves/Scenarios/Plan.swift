public import Quantities

/// A model on a chip under a runtime with its formats chosen: what a sweep compiles once and evaluates often.
public struct Plan: Sendable {
  public let machine: Machine
  public let model: CompiledModel
  public let settings: Settings
  /// Texts of the columns that no step changes.
  public let labels: Labels
  var evaluator: Evaluator
  /// How tokens come out of passes.
  let decoding: any Decoding
  private let notes: PlanNotes
  let spreading: (any Spreading)?
  /// Why sparsity gains less here than on paper.
  private let loss: String?
  /// Whether there is more than one device, asked before `spreading` is: an optional is copied to be looked at,
  /// which takes 140 instructions.
  private let isSpread: Bool

  /// Whether tokens come one a pass, each after those before it.
  private let isPlain: Bool
  /// Models that take part in a round; none where decoding needs no other.
  var helpers: Helpers

  /// What no step changes, and rows ask for.
  let constants: Constants

  /// Names in result rows.
  ///
  /// A class, so that a row holds one pointer to them; eleven texts would be counted for every row.
  public final class Labels: Sendable, CustomStringConvertible {
    public let chip: String
    public let runtime: String
    public let model: String
    public let powerMode: String
    public let weights: String
    public let kv: String
    public let activations: String
    public let attention: String
    public let pattern: String
    public let schedule: String
    public let cache: String
    public let sparsity: String
    public let devices: Int
    public let parallel: String
    public let decoding: String
    public let experts: String
    public let quality: QualityStatement?

    init(
      _ machine: Machine, _ model: CompiledModel, _ settings: Settings, _ decoding: any Decoding
    ) {
      chip = machine.chip.id
      runtime = machine.runtime.id
      self.model = model.model.id
      powerMode = machine.mode?.name ?? machine.chip.power.defaultMode ?? ""
      weights = model.choices.weights.name
      kv = model.choices.kv.name
      activations = model.choices.activations.name
      attention = settings.preset ?? settings.attention?.name ?? model.attentionLabel
      pattern = model.patternLabel
      schedule = settings.schedule.rawValue
      cache = model.cacheLabel
      sparsity = settings.sparsity.name
      devices = settings.devices
      quality = settings.quality
      parallel = settings.devices > 1 ? settings.parallel : "none"
      self.decoding = model.model.kind == .encoder ? "none" : decoding.name
      experts = settings.experts.name
    }

    public var description: String {
      [chip, runtime, model, powerMode, weights, kv, activations, pattern, schedule, cache]
        .filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  /// Figures of the machine for products of the model's activations, and of its main memory.
  struct Constants: Sendable {
    let ridge: Intensity?
    let matrixPeak: FLOPsPerSecond?
    let mainBandwidth: BytesPerSecond
    let capacity: Bytes?
    let capacityBound: Bound
    /// What all devices can go on drawing, where the profile says it.
    let sustained: SustainedPower?

    init(_ machine: Machine, _ model: CompiledModel) {
      let precision = model.choices.activations.multiply
      ridge = machine.ridge(for: precision)
      matrixPeak = machine.peak(for: precision)
      mainBandwidth = machine.mainBandwidth
      capacity = machine.mainLevel.usableCapacity
      capacityBound = .capacity(machine.mainLevel.id)
      sustained = machine.mode == nil ? SustainedPower(machine.chip.power) : nil
    }
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
    let decoding = settings.decoding ?? DecodingList.own(of: model)
    if let refusal = decoding.refusal(for: model) {
      throw .option(OptionError(.decoding, problem: refusal.problem, remedy: refusal.remedy))
    }
    var choices = ModelChoices(
      model, settings,
      precision: PrecisionRule(choices: machine.profile.multiply, native: machine.nativePrecisions))
    do {
      choices.spreading = try settings.spreading()
    } catch {
      throw .option(error)
    }
    choices.rates.twoOfFour = machine.twoOfFourSpeedups
    if let error = choices.refusal(of: model) { throw .refused(error) }
    if let refusal = choices.spreading?.refusal(choices.shapes(of: model), choices) {
      throw .refused(OptionError(.parallel, problem: refusal.problem, remedy: refusal.remedy))
    }
    if let refusal = choices.experts.refusal(model) {
      throw .refused(OptionError(.experts, problem: refusal.problem, remedy: refusal.remedy))
    }
    let compiled = CompiledModel(model, choices)
    helpers = try Helpers(of: compiled, decoding, settings, on: chip, under: runtime)
    let combination = Predicate.Combination(machine, compiled, dense: model)
    if let error = Validity.refusal(combination) { throw .refused(error) }
    do {
      evaluator = try Evaluator(machine, compiled)
    } catch {
      throw .missing(error)
    }
    self.machine = machine
    self.model = compiled
    self.settings = settings
    self.decoding = decoding
    isPlain = decoding is Autoregressive
    labels = Labels(machine, compiled, settings, decoding)
    constants = Constants(machine, compiled)
    notes = PlanNotes(machine, compiled, decoding, Validity.notes(combination))
    loss = choices.sparsity.loss(compiled.model, choices)
    spreading = choices.spreading
    isSpread = spreading != nil
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
        remedy: known.isEmpty
          ? "it lists none; leave the option out"
          : "write \(known.joined(separator: ", "))"))
  }

  /// The cost of one step; of several devices, the work of one and the time of all.
  public mutating func evaluate(_ step: Step) -> Cost {
    var cost = Cost()
    if isSpread, let spreading {
      evaluator.evaluate(spreading.share(step), into: &cost)
      cost.stretch(by: spreading.timeFactor(batch: step.batch))
      cost.spend(
        dynamic: spreading.workFactor(batch: step.batch), static: Double(spreading.devices))
    } else {
      evaluator.evaluate(step, into: &cost)
    }
    return cost
  }

  /// The cost of one step, operation by operation.
  public mutating func breakdown(_ step: Step) -> [(operation: Operation, cost: OperationCost)] {
    evaluator.breakdown(spreading?.share(step) ?? step)
  }

  /// The cost of a round of decoding: its pass, and the share of another one that falls on it.
  public mutating func evaluate(_ round: DecodingRound) -> Cost {
    var cost = evaluate(round.step)
    if let extra = round.extra {
      cost.add(evaluate(extra.step), share: extra.share)
    }
    if !helpers.isEmpty { addHelpers(of: round, to: &cost) }
    return cost
  }

  /// The cost of a round, operation by operation; those of a share of a pass count as that share of layers.
  public mutating func breakdown(
    _ round: DecodingRound
  ) -> [(operation: Operation, cost: OperationCost)] {
    var parts = breakdown(round.step)
    if let extra = round.extra {
      parts += breakdown(extra.step).map { part in
        (part.operation.repeated(extra.share), part.cost)
      }
    }
    if round.share < 1 {
      parts = parts.map { ($0.operation.repeated(round.share), $0.cost) }
    }
    return parts + helperBreakdown(round)
  }

  /// The pass that step settings mean for this model.
  public func step(_ settings: StepSettings) -> Step {
    // One token a pass needs no round to be made.
    isPlain ? settings.step(for: model.model) : round(settings).step
  }

  /// The round of decoding that step settings mean for this model: a row of results.
  public func round(_ settings: StepSettings) -> DecodingRound {
    if isPlain { return Autoregressive().round(settings, model.model) }
    return helpers.isChoosing
      ? fastestRound(settings) : decoding.round(settings, model.model)
  }

  /// What must be resident at the context of a step; of several devices, on one of them.
  public func footprint(_ settings: StepSettings, workspace: Bytes) -> Footprint {
    var footprint = ownFootprint(settings, workspace: workspace)
    if !helpers.isEmpty { helpers.add(to: &footprint, settings, round(settings)) }
    return footprint
  }

  /// What must be resident of the model itself.
  func ownFootprint(_ settings: StepSettings, workspace: Bytes) -> Footprint {
    var own = settings
    if isSpread, let spreading {
      (own.context, own.batch) = spreading.cached(context: settings.context, batch: settings.batch)
    }
    var footprint = model.footprint(own, workspace: workspace)
    if isSpread, let share = spreading?.layerShare(model.model), share < 1 {
      footprint.keep(share)
    }
    footprint.capacity = constants.capacity
    footprint.flash = machine.flashCapacity
    return footprint
  }

  /// The result of one step.
  /// - Parameters:
  ///   - settings: the step.
  ///   - comparison: what to compare with, if anything.
  ///   - budgets: limits; what breaks them is noted.
  /// - Returns: the row.
  public mutating func row(
    _ settings: StepSettings, against comparison: Comparison? = nil, budgets: Budgets? = nil
  ) -> ResultRow {
    var settings = settings
    if let tokens = model.model.fixedTokens { settings.context = tokens }
    let round = round(settings)
    let cost = evaluate(round)
    let footprint = footprint(settings, workspace: cost.workspaceBytes)
    let fits = footprint.fits != false
    let bound =
      fits
      ? machine.bound(cost.limiter, of: cost) : constants.capacityBound
    var speedup: Speedup?
    if fits, let comparison {
      let times = TokenTimes(
        paper: comparison.paper, realised: cost.expected, tokens: round.tokens)
      speedup = Speedup(of: times, over: comparison.baseline)
    }
    var note = note(context: settings.context, footprint: footprint)
    func add(_ sentence: String) { note = note.isEmpty ? sentence : "\(note); \(sentence)" }
    if let speedup, speedup.needsReason {
      add(speedup.sentence(cost, bound, runtime: labels.runtime, loss: loss))
    }
    if !helpers.isEmpty, fits, settings.phase == .decode { add(sentence(settings, round, cost)) }
    let phase = model.model.kind.onlyPhase ?? settings.phase
    let request = fits ? request(settings) : nil
    if let broken = budgets?.broken(
      by: cost, footprint, tokens: round.tokens, batch: settings.batch, phase: phase,
      request: request,
      sustained: constants.sustained, devices: labels.devices, quality: labels.quality?.loss),
      !broken.isEmpty
    {
      add("over budget: \(broken.joined(separator: ", "))")
    }
    return ResultRow(
      labels, constants, phase: phase, settings,
      newTokens: round.step.readTokens, tokens: round.tokens, cost,
      mainBytes: cost.mainBytes(machine), footprint, bound,
      speedup,
      request, note: note)
  }

  /// What a row is compared with.
  public struct Comparison: Sendable {
    /// Times of the baseline.
    public var baseline: TokenTimes
    /// The step's own time under the `ideal` runtime.
    public var paper: Seconds

    /// A baseline, and the step's own time on paper.
    public init(baseline: TokenTimes, paper: Seconds) {
      self.baseline = baseline
      self.paper = paper
    }
  }

  /// The times that rows of other plans are compared with; `nil` where the model does not fit.
  /// - Parameters:
  ///   - settings: the step.
  ///   - ideal: the same configuration under the `ideal` runtime.
  /// - Returns: times of a token.
  public mutating func times(_ settings: StepSettings, ideal: inout Plan) -> TokenTimes? {
    let round = round(settings)
    let cost = evaluate(round)
    let footprint = footprint(settings, workspace: cost.workspaceBytes)
    guard footprint.fits != false else { return nil }
    return TokenTimes(
      paper: ideal.evaluate(round).expected, realised: cost.expected, tokens: round.tokens)
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
  /// Options that each make sense do not make sense together.
  case refused(OptionError)

  public var description: String {
    switch self {
    case .missing(let figure): figure.description
    case .option(let error), .refused(let error): error.description
    }
  }
}
