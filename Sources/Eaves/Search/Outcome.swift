public import Quantities

/// What a configuration comes to, without the row that says it.
public struct Outcome: Sendable {
  public var settings: StepSettings
  public var cost: Cost
  public var footprint: Footprint
  /// Tokens that it makes or reads, as in its row.
  public var tokens: Double
  /// Times of a whole request, where one is asked for.
  public var request: RequestTimes?
  /// What the chip can go on drawing, where that is known, and how many there are.
  var sustained: SustainedPower?
  var devices: Int
  var phase: Phase
  /// Quality lost, where something is published of it.
  var loss: Double?
}

extension Plan {
  /// What a step comes to; `nil` where it does not fit, or needs more memory than a budget allows.
  ///
  /// What must be resident is added up first, without a workspace: what does not fit so never does, and no time is spent
  /// on its cost.
  /// - Parameters:
  ///   - settings: the step.
  ///   - memory: a limit of everything resident.
  /// - Returns: the same cost and footprint as `row` has.
  public mutating func outcome(_ settings: StepSettings, memory: Bytes? = nil) -> Outcome? {
    var settings = settings
    if let tokens = model.model.fixedTokens { settings.context = tokens }
    let least = ownFootprint(settings, workspace: .zero)
    if least.fits == false { return nil }
    if let memory, least.total > memory { return nil }
    let round = round(settings)
    let cost = evaluate(round)
    var footprint = least
    footprint.workspace = cost.workspaceBytes
    if !helpers.isEmpty { helpers.add(to: &footprint, settings, round) }
    if footprint.fits == false { return nil }
    if let memory, footprint.total > memory { return nil }
    return Outcome(
      settings: settings, cost: cost, footprint: footprint, tokens: round.tokens,
      request: request(settings), sustained: constants.sustained, devices: labels.devices,
      phase: model.model.kind.onlyPhase ?? settings.phase, loss: labels.quality?.loss)
  }

  /// Whether no step can be of use: the weights alone are more than memory has, or than a budget allows.
  public func isHopeless(memory: Bytes?) -> Bool {
    var share = 1.0
    if let spreading { share = spreading.layerShare(model.model) }
    let weights = model.inventory.weightBytes * share
    if let memory, weights > memory { return true }
    guard let capacity = constants.capacity, machine.flashCapacity == nil else { return false }
    return weights > capacity
  }
}

extension Budgets {
  /// Whether a row fits and is within all limits.
  public func allow(_ row: ResultRow) -> Bool {
    if row.footprint.fits == false { return false }
    return broken(
      by: row.cost, row.footprint, tokens: row.tokens, batch: row.batch, phase: row.phase,
      request: row.request,
      sustained: row.sustained, devices: row.labels.devices, quality: row.labels.quality?.loss
    ).isEmpty
  }

  /// Whether an outcome is within all limits.
  func allow(_ outcome: borrowing Outcome) -> Bool {
    broken(
      by: outcome.cost, outcome.footprint, tokens: outcome.tokens, batch: outcome.settings.batch,
      phase: outcome.phase,
      request: outcome.request, sustained: outcome.sustained, devices: outcome.devices,
      quality: outcome.loss
    ).isEmpty
  }
}
