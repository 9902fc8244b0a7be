import Eaves
import Synchronization

/// What the threads of a search share: the next part of the grid, and what was found.
final class SearchShare: Sendable {
  private let search: Search
  private let steps: StepGrid
  /// Parts: so many steps of one configuration, the last part of each with what is left.
  private let parts: Int
  private let partsOfEach: Int
  private static let stepsOfPart = 1 << 15
  private let next = Atomic<Int>(0)
  private let done = Atomic<Int>(0)
  private let state: Mutex<State>

  private struct State {
    var front: ParetoFront
    var counts = SearchCounts()
    var refused: [Sweep.Refused] = []
    var inputs: [Resolver.Input] = []
    var failure: (part: Int, error: any Error)?
  }

  init(_ search: Search) throws {
    self.search = search
    steps = try StepGrid(search.sweep.grid, baseline: [:])
    partsOfEach = (steps.count + Self.stepsOfPart - 1) / Self.stepsOfPart
    parts = search.sweep.grid.outer.count * partsOfEach
    state = Mutex(State(front: ParetoFront(width: search.objectives.count)))
  }

  /// Takes parts of the grid until none is left, or one has failed.
  func work(_ resolver: Resolver, progress: (Int) -> Void) {
    var finder = Finder(search, steps)
    while true {
      let part = next.add(1, ordering: .relaxed).oldValue
      guard part < parts else { break }
      let start = part % partsOfEach * Self.stepsOfPart
      let range = start..<min(start + Self.stepsOfPart, steps.count)
      do {
        try finder.run(part / partsOfEach, range, resolver)
        progress(done.add(range.count, ordering: .relaxed).newValue)
        if finder.front.count > Search.largestFront { throw TooManyBest() }
      } catch {
        fail(part, error)
        break
      }
    }
    let (front, counts, refused, inputs) = (
      finder.front, finder.counts, finder.refused, resolver.inputs
    )
    state.withLock { state in
      state.front.merge(front)
      state.counts += counts
      for item in refused { item.add(to: &state.refused) }
      state.inputs += inputs
    }
  }

  /// The failure that stands first in the grid is the one that is told; no thread begins another part.
  private func fail(_ part: Int, _ error: any Error) {
    next.store(parts, ordering: .relaxed)
    state.withLock { state in
      if let known = state.failure, known.part < part { return }
      state.failure = (part, error)
    }
  }

  /// What all have found, once they have ended.
  func findings(_ resolver: Resolver) throws -> Search.Findings {
    let (front, counts, refused) = state.withLock { ($0.front, $0.counts, $0.refused) }
    let (inputs, failure) = state.withLock { ($0.inputs, $0.failure?.error) }
    if let failure { throw failure }
    if front.count > Search.largestFront { throw TooManyBest() }
    resolver.absorb(inputs)
    if counts.searched == 0, let first = refused.first { throw PlanError.refused(first.error) }
    var findings = Search.Findings()
    findings.counts = counts
    findings.front = front.names.sorted()
    findings.refused = refused.sorted { "\($0.error)" < "\($1.error)" }
    return findings
  }
}

/// What one thread has found.
private struct Finder {
  private let search: Search
  private let steps: StepGrid
  /// The plan of the configuration that was looked at last; `nil` where its options do not go together.
  private var last: (place: Int, plan: Plan?)?
  var front: ParetoFront
  var counts = SearchCounts()
  var refused: [Sweep.Refused] = []

  init(_ search: Search, _ steps: StepGrid) {
    self.search = search
    self.steps = steps
    front = ParetoFront(width: search.objectives.count)
  }

  /// Looks through some steps of a configuration.
  mutating func run(_ place: Int, _ range: Range<Int>, _ resolver: Resolver) throws {
    if last?.place != place { last = (place, try plan(at: place, range, resolver)) }
    guard var plan = last?.plan else {
      counts.refused += range.count
      return
    }
    last = nil
    let (budgets, objectives) = (search.sweep.budgets, search.objectives)
    let isOnePass = plan.model.model.kind.isOnePass
    let isHopeless = plan.isHopeless(memory: budgets.memory)
    let first = place * steps.count
    for index in range {
      guard let step = steps.step(at: index, onePhase: isOnePass) else { continue }
      if isHopeless {
        counts.searched += 1
        counts.tooLarge += 1
      } else {
        plan.offer(
          step, within: budgets, objectives, name: first + index, to: &front, &counts)
      }
    }
    last = (place, plan)
  }

  private mutating func plan(
    at place: Int, _ range: Range<Int>, _ resolver: Resolver
  ) throws -> Plan? {
    do {
      return try resolver.plan(search.values(at: place))
    } catch PlanError.refused(let error) {
      // Each configuration is counted once, by whoever has its first steps.
      Sweep.Refused(error: error, count: range.lowerBound == 0 ? 1 : 0).add(to: &refused)
      return nil
    }
  }
}

extension Sweep.Refused {
  /// Counts it with others of the same reason.
  func add(to list: inout [Sweep.Refused]) {
    let index = list.firstIndex { $0.error == error } ?? list.endIndex
    if index == list.endIndex { list.append(Sweep.Refused(error: error, count: 0)) }
    list[index].count += count
  }
}
