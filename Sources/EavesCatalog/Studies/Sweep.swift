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
  public func run(_ resolver: Resolver, _ body: (borrowing ResultRow) throws -> Void) throws {
    var steps: [StepSettings] = []
    var baselineSteps: [StepSettings] = []
    let outer = grid.outer
    let inner = grid.inner
    let outerBaseline = baseline.filter { !$0.key.isStepOption }
    let innerBaseline = baseline.filter { $0.key.isStepOption }
    try inner.forEach { values in
      steps.append(try Settings(values).step)
      let replaced = values.merging(innerBaseline) { $1 }
      baselineSteps.append(try Settings(replaced).step)
    }
    let known = BoundedRows(limit: 4096)
    try outer.forEach { values in
      var plan = try resolver.plan(values)
      guard !baseline.isEmpty else {
        for step in steps { try body(finished(plan.row(step))) }
        return
      }
      var reference = try resolver.plan(values.merging(outerBaseline) { $1 })
      for (step, baselineStep) in zip(steps, baselineSteps) {
        var row = plan.row(step)
        row.compare(to: known.row(reference.labels, baselineStep) { reference.row(baselineStep) })
        try body(finished(row))
      }
    }
  }

  private func finished(_ row: consuming ResultRow) -> ResultRow {
    var row = row
    if budgets != Budgets() {
      let broken = budgets.broken(by: row)
      if !broken.isEmpty { row.add(note: "over budget: \(broken.joined(separator: ", "))") }
    }
    return row
  }
}

/// Baseline rows that were computed before; forgets all where there are too many, so that memory stays flat.
private final class BoundedRows {
  private let limit: Int
  private var rows: [Key: ResultRow] = [:]

  private struct Key: Hashable {
    let labels: Plan.Labels
    let step: StepSettings
  }

  init(limit: Int) { self.limit = limit }

  func row(_ labels: Plan.Labels, _ step: StepSettings, make: () -> ResultRow) -> ResultRow {
    let key = Key(labels: labels, step: step)
    if let known = rows[key] { return known }
    if rows.count >= limit { rows.removeAll(keepingCapacity: true) }
    let row = make()
    rows[key] = row
    return row
  }
}
