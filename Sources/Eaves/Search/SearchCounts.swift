/// What a search has gone through.
public struct SearchCounts: Sendable, Hashable {
  /// Configurations looked at, and those of them that fit and are within all budgets.
  public var searched = 0
  public var met = 0
  /// Those that do not fit, or need more memory than a budget allows.
  public var tooLarge = 0
  /// Those whose options do not go together.
  public var refused = 0

  /// None yet.
  public init() {}

  /// Adds those of another part of the grid.
  public static func += (left: inout SearchCounts, right: SearchCounts) {
    left.searched += right.searched
    left.met += right.met
    left.tooLarge += right.tooLarge
    left.refused += right.refused
  }
}

extension Plan {
  /// Looks at a step: counts it, and offers it to a front where it is within all budgets.
  /// - Parameters:
  ///   - settings: the step.
  ///   - budgets: the limits.
  ///   - objectives: what is to be small or large; a step without a value of one is offered to no front.
  ///   - name: what the step is called in the front.
  ///   - front: where it goes.
  ///   - counts: where it is counted.
  public mutating func offer(
    _ settings: StepSettings, within budgets: Budgets, _ objectives: [Objective], name: Int,
    to front: inout ParetoFront, _ counts: inout SearchCounts
  ) {
    counts.searched += 1
    guard let outcome = outcome(settings, memory: budgets.memory) else {
      counts.tooLarge += 1
      return
    }
    guard budgets.allow(outcome) else { return }
    counts.met += 1
    var point: [Double] = []
    point.reserveCapacity(objectives.count)
    for objective in objectives {
      guard let value = objective.value(outcome, self), !value.isNaN else { return }
      point.append(objective.wantsMore ? -value : value)
    }
    front.insert(point, name: name)
  }
}
