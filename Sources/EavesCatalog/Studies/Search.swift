public import Eaves

/// Looks for the configurations of a grid that are within budgets, and for those of them that no other beats.
///
/// Exact: every configuration is costed, but for those whose weights, caches and states alone are too large. Nothing but
/// the front is kept, so memory does not grow with the grid.
public struct Search: Sendable {
  public let sweep: Sweep
  public let objectives: [Objective]
  /// Threads that share the grid.
  public let threads: Int

  /// How many threads can run at once here.
  public static var processors: Int { WorkerThread.processors }

  /// What was found.
  public struct Findings: Sendable {
    public var counts = SearchCounts()
    /// Places in the grid of what no other beats, ascending.
    public var front: [Int] = []
    /// Configurations that are left out because their options do not go together.
    public var refused: [Sweep.Refused] = []
  }

  /// A front so large is no answer.
  public static let largestFront = 1 << 20

  /// A search of a grid.
  /// - Parameters:
  ///   - sweep: the grid and the budgets.
  ///   - objectives: at least one.
  ///   - threads: as many as processors.
  public init(_ sweep: Sweep, objectives: [Objective], threads: Int) {
    self.sweep = sweep
    self.objectives = objectives
    self.threads = max(1, threads)
  }

  /// Looks through the grid.
  /// - Parameters:
  ///   - resolver: finds what configurations name; what other threads read is added to its inputs.
  ///   - progress: is told now and then how many configurations are done, on the calling thread.
  /// - Returns: what was found.
  /// - Throws: what the resolver throws; `PlanError` where no configuration makes sense.
  public func run(_ resolver: Resolver, progress: (Int) -> Void = { _ in }) throws -> Findings {
    let shared = try SearchShare(self)
    let others = (1..<threads).map { _ in
      WorkerThread { [catalog = resolver.catalog] in
        shared.work(Resolver(catalog)) { _ in }
      }
    }
    shared.work(resolver, progress: progress)
    for other in others { other.join() }
    return try shared.findings(resolver)
  }

  /// The options of a place in the grid, without those of the step.
  func values(at place: Int) -> [Option: String] {
    var (values, rest): ([Option: String], Int) = ([:], place)
    for axis in sweep.grid.outer.axes.reversed() {
      values[axis.option] = axis.values[rest % axis.values.count]
      rest /= axis.values.count
    }
    return values
  }

  /// The axes of one configuration: what a sweep of that one alone has.
  public func configuration(at place: Int) -> [Axis] {
    let inner = sweep.grid.inner
    var rest = place % inner.count
    var values = values(at: place / inner.count)
    for axis in inner.axes.reversed() {
      values[axis.option] = axis.values[rest % axis.values.count]
      rest /= axis.values.count
    }
    return Option.allCases.compactMap { option in values[option].map { Axis(option, values: [$0]) }
    }
  }

  /// The rows of places in the grid, in their order, as a sweep has them.
  public func rows(
    at places: [Int], _ resolver: Resolver, _ body: (ResultRow) throws -> Void
  ) throws {
    for place in places {
      try Sweep(
        axes: configuration(at: place), baseline: sweep.baseline, budgets: sweep.budgets
      ).run(resolver, body)
    }
  }
}

/// More configurations are Pareto-best than an answer can hold.
public struct TooManyBest: Error, CustomStringConvertible {
  public var description: String {
    "more than \(Search.largestFront) configurations are Pareto-best; name fewer objectives, or tighter budgets"
  }
}
