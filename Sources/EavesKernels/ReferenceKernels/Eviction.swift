/// Which entries a cache keeps under a policy, token by token, by the attention weights that they get.
///
/// Sums and counters are kept up from step to step, as a runtime does; the definition looks all of them up again.
struct Eviction<Scalar: KernelScalar> {
  let policy: EvictionPolicy
  /// Positions that are kept, in order.
  private(set) var kept: [Int] = []
  private var scores: [Int: Scalar] = [:]

  init(_ policy: EvictionPolicy) { self.policy = policy }

  /// Takes in a token, whose query gives weights to the entries that are there, its own last, and drops entries.
  /// - Parameters:
  ///   - position: the token.
  ///   - weigh: its attention weights over some positions.
  mutating func take(_ position: Int, _ weigh: ([Int]) -> [Double]) {
    kept.append(position)
    let weights = weigh(kept).map(Scalar.init)
    switch policy {
    case .window(let size): drop(to: size, sparing: size)
    case .sinks(let sinks, let window):
      while kept.count > sinks + window { kept.remove(at: sinks) }
    case .heavyHitters(let heavy, let recent):
      add(weights)
      drop(to: heavy + recent, sparing: recent)
    case .scissorhands(let budget, let recent):
      let mean = Scalar(1 / Double(weights.count))
      add(weights.map { ($0 - mean).ifPositive(Scalar(1), else: .zero) })
      drop(to: budget, sparing: recent)
    case .tova(let budget):
      scores = [:]
      add(weights)
      drop(to: budget, sparing: 1)
    case .snapKV(let chosen, let window, let prompt):
      if position >= prompt - window, position < prompt { add(weights) }
      if position == prompt - 1 { drop(to: chosen + window, sparing: window) }
    }
  }

  private mutating func add(_ values: [Scalar]) {
    for (position, value) in zip(kept, values) {
      scores[position] = (scores[position] ?? .zero) + value
    }
  }

  /// Drops the entry with the least score that is not among the newest, until so many are left.
  private mutating func drop(to budget: Int, sparing recent: Int) {
    while kept.count > budget {
      let old = kept.indices.prefix(max(1, kept.count - recent))
      let least = old.min { value(kept[$0]) < value(kept[$1]) }
      guard let least else { return }
      scores[kept.remove(at: least)] = nil
    }
  }

  private func value(_ position: Int) -> Double { scores[position]?.widened ?? 0 }
}
