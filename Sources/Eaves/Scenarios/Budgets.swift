public import Quantities

/// Limits that a study sets.
public struct Budgets: Sendable, Hashable {
  /// Of the expected time of a step.
  public var latency: Seconds?
  /// Of everything resident.
  public var memory: Bytes?
  /// Of the mean power over a step.
  public var power: Watts?
  /// Of the energy of a token.
  public var energy: Joules?

  /// No limits.
  public init() {}

  /// Which budgets a step breaks, by name; `tokens` are those that it yields or reads.
  func broken(by cost: Cost, _ footprint: Footprint, tokens: Double) -> [String] {
    var names: [String] = []
    if let memory, footprint.total > memory { names.append("memory") }
    guard footprint.fits != false else { return names }
    if let latency, cost.expected > latency { names.append("latency") }
    if let power, cost.energy / cost.expected > power { names.append("power") }
    if let energy, cost.energy / tokens > energy { names.append("energy") }
    return names
  }
}
