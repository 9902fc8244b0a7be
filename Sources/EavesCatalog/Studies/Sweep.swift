public import Eaves

/// Runs the cross product of axes and hands over a row for each configuration.
public struct Sweep {
  /// Every axis.
  public let grid: Grid
  /// Values that make the baseline of a configuration; empty for none.
  public let baseline: [Option: String]
  public let budgets: Budgets

  /// A sweep over axes.
  public init(axes: [Axis], baseline: [Option: String] = [:], budgets: Budgets = Budgets()) {
    grid = Grid(axes)
    self.baseline = baseline
    self.budgets = budgets
  }

  /// A sweep of a study.
  public init(_ study: Study) {
    self.init(axes: study.axes, baseline: study.baseline, budgets: study.budgets)
  }

  /// How many rows there will be.
  public var count: Int { grid.count }

  /// Reads every file that configurations name, and compiles them once, without a row.
  /// - Throws: what the resolver throws.
  public func resolveAll(_ resolver: Resolver) throws {
    try grid.outer.forEach { values in _ = try resolver.plan(values) }
  }

  /// Evaluates every configuration; what needs compiling is compiled once for all its steps.
  /// - Parameters:
  ///   - resolver: finds what configurations name.
  ///   - body: receives each row.
  /// - Throws: what the resolver throws, and what `body` throws.
  public func run(_ resolver: Resolver, _ body: (ResultRow) throws -> Void) throws {
    let steps = try StepGrid(grid, baseline: baseline)
    let outerBaseline = baseline.filter { !$0.key.isStepOption }
    let budgets = budgets == Budgets() ? nil : budgets
    var known: KnownTimes?
    try grid.outer.forEach { values in
      var plan = try resolver.plan(values)
      guard !baseline.isEmpty else {
        return try steps.forEach { step, _ in try body(plan.row(step, budgets: budgets)) }
      }
      let reference = values.merging(outerBaseline) { $1 }
      if known?.values != reference {
        known = KnownTimes(values: reference, plan: try resolver.plan(reference))
      }
      try steps.forEach { step, baselineStep in
        let times = known?.times(baselineStep)
        try body(plan.row(step, against: times, budgets: budgets))
      }
    }
  }
}

/// Times of a baseline that were computed before; forgets all where there are too many, so that memory stays
/// flat.
private struct KnownTimes {
  let values: [Option: String]
  private var plan: Plan
  private var times: [StepSettings: BaselineTimes?] = [:]
  private static let limit = 1 << 14

  init(values: [Option: String], plan: Plan) {
    self.values = values
    self.plan = plan
  }

  mutating func times(_ step: StepSettings) -> BaselineTimes? {
    if let known = times[step] { return known }
    if times.count >= Self.limit { times.removeAll(keepingCapacity: true) }
    let new = plan.times(step)
    times[step] = new
    return new
  }
}
