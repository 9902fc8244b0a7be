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

  /// Which budgets a result breaks, by name.
  public func broken(by row: borrowing ResultRow) -> [String] {
    var names: [String] = []
    if let memory, row.footprint.total > memory { names.append("memory") }
    guard row.hasTimes else { return names }
    if let latency, row.cost.expected > latency { names.append("latency") }
    if let power, row.cost.energy / row.cost.expected > power { names.append("power") }
    if let energy, row.cost.energy / row.tokens > energy { names.append("energy") }
    return names
  }
}
