public import Eaves

/// Runs the cross product of axes and hands over a row for each configuration.
public struct Sweep: Sendable {
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

  /// Options that each make sense but not together, for some configurations.
  public struct Refused: Sendable {
    public var error: OptionError
    /// Configurations (without the steps) that it leaves out.
    public var count: Int
  }

  /// Compiles every configuration and its baseline once, without a row.
  ///
  /// Whatever cannot be answered is found before the first row. Only names are read where there are very many.
  /// - Throws: what the resolver throws.
  public func resolveAll(_ resolver: Resolver) throws {
    let outer = grid.outer
    guard outer.count <= Self.mostCompiledAhead else { return try resolveNames(resolver) }
    var possible = 0
    var last: PlanError?
    try outer.forEach { values in
      do {
        _ = try resolver.plan(values)
        possible += 1
        if !baseline.isEmpty { _ = try resolver.plan(reference(of: values)) }
      } catch let error as PlanError {
        guard case .refused = error else { throw error }
        last = error
      }
    }
    // A sweep of which nothing can be run is an error; one of which some cannot leaves those out.
    if possible == 0, let last { throw last }
  }

  private static let mostCompiledAhead = 512

  private func resolveNames(_ resolver: Resolver) throws {
    func names(_ option: Option) -> [String] {
      let own = grid.axes.first { $0.option == option }?.values ?? []
      return own + [baseline[option]].compactMap { $0 }
    }
    for name in names(.model) { _ = try resolver.model(name) }
    for text in names(.decoding) {
      let decoding = try Settings([.decoding: text]).decoding
      if let draft = decoding?.draft { _ = try resolver.model(draft) }
    }
    for text in names(.experts) {
      let experts = try Settings([.experts: text]).experts
      if let path = experts.tracePath { _ = try resolver.trace(path) }
    }
    for name in names(.chip) { _ = try resolver.chip(name) }
    for name in names(.runtime) { _ = try resolver.runtime(name) }
  }

  /// The values that make the baseline of a configuration.
  private func reference(of values: [Option: String]) -> [Option: String] {
    values.merging(baseline.filter { !$0.key.isStepOption }) { $1 }
  }

  /// Evaluates every configuration; what needs compiling is compiled once for all its steps.
  /// - Parameters:
  ///   - resolver: finds what configurations name.
  ///   - body: receives each row.
  /// - Returns: what was left out because its options do not go together.
  /// - Throws: what the resolver throws, and what `body` throws.
  @discardableResult
  public func run(
    _ resolver: Resolver, _ body: (ResultRow) throws -> Void
  ) throws -> [Refused] {
    try runPlaces(resolver) { row, _ in try body(row) }
  }

  /// The same, with the place of each row in the grid.
  @discardableResult
  public func runPlaces(
    _ resolver: Resolver, _ body: (ResultRow, Int) throws -> Void
  ) throws -> [Refused] {
    var refused: [Refused] = []
    var isEmpty = true
    let steps = try StepGrid(grid, baseline: baseline)
    var first = -steps.count
    let budgets = budgets == Budgets() ? nil : budgets
    var known: KnownTimes?
    try grid.outer.forEach { values in
      first += steps.count
      var plan: Plan
      do {
        plan = try resolver.plan(values)
      } catch PlanError.refused(let error) {
        Refused(error: error, count: 1).add(to: &refused)
        return
      }
      isEmpty = false
      let isEncoder = plan.model.model.kind.isOnePass
      guard !baseline.isEmpty else {
        return try steps.forEach(onePhase: isEncoder) { step, reference in
          try body(plan.row(step, budgets: budgets), first + reference.place)
        }
      }
      let reference = reference(of: values)
      if known?.values != reference {
        known = try KnownTimes(values: reference, count: steps.referenceCount, resolver)
      }
      var ideal = try resolver.idealPlan(values)
      try steps.forEach(onePhase: isEncoder) { step, reference in
        let comparison = known?.times(reference).map { times in
          Plan.Comparison(baseline: times, paper: ideal.evaluate(plan.round(step)).expected)
        }
        try body(
          plan.row(step, against: comparison, budgets: budgets), first + reference.place)
      }
    }
    if isEmpty, let first = refused.first { throw PlanError.refused(first.error) }
    return refused
  }
}

/// Times of a baseline, so that those that several rows are compared with are computed once.
///
/// A fixed number of places, so that memory stays flat; a step takes the place of another far from it.
private struct KnownTimes {
  let values: [Option: String]
  private var plan: Plan
  private var ideal: Plan
  private var places: [Place]
  private static let limit = 1 << 14

  private struct Place {
    /// Which step it is of; −1 for none.
    var index = -1
    var times: TokenTimes?
  }

  init(values: [Option: String], count: Int, _ resolver: Resolver) throws {
    self.values = values
    plan = try resolver.plan(values)
    ideal = try resolver.idealPlan(values)
    places = Array(repeating: Place(), count: min(count, Self.limit))
  }

  mutating func times(_ reference: StepGrid.Reference) -> TokenTimes? {
    let place = reference.index % places.count
    if places[place].index != reference.index {
      let times = plan.times(reference.settings, ideal: &ideal)
      places[place] = Place(index: reference.index, times: times)
    }
    return places[place].times
  }
}

extension Resolver {
  /// The plan of a configuration under the `ideal` runtime: what it gives on paper.
  func idealPlan(_ values: [Option: String]) throws -> Plan {
    try plan(values.merging([.runtime: "ideal"]) { $1 }, isOnPaper: true)
  }
}
