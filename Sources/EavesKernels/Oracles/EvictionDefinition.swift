/// The same choices by looking up every weight that was ever given, in each step anew.
struct EvictionDefinition {
  let policy: EvictionPolicy
  private(set) var kept: [Int] = []
  /// What each query gave: by query, then by key.
  private var history: [[Int: Double]] = []

  init(_ policy: EvictionPolicy) { self.policy = policy }

  mutating func take(_ position: Int, _ weigh: ([Int]) -> [Double]) {
    kept.append(position)
    history.append(Dictionary(uniqueKeysWithValues: zip(kept, weigh(kept))))
    let (budget, recent, score) = rule(position)
    guard kept.count > budget else { return }
    let spared = Set(kept.suffix(recent))
    let ranked = kept.filter { !spared.contains($0) }.sorted { score($0) > score($1) }
    kept = (ranked.prefix(budget - spared.count) + spared).sorted()
  }

  private func rule(_ position: Int) -> (budget: Int, recent: Int, score: (Int) -> Double) {
    func given(_ key: Int, _ queries: ArraySlice<[Int: Double]>) -> Double {
      queries.reduce(0) { $0 + ($1[key] ?? 0) }
    }
    switch policy {
    case .window(let size): return (size, size, { _ in 0 })
    // The first tokens are the best, in order.
    case .sinks(let sinks, let window): return (sinks + window, window, { -Double($0) })
    case .heavyHitters(let heavy, let recent):
      return (heavy + recent, recent, { given($0, history[...]) })
    case .scissorhands(let budget, let recent):
      return (
        budget, recent,
        { key in
          // Of equal counters the newer survives.
          Double(history.count { ($0[key] ?? 0) > 1 / Double($0.count) }) + 1e-9 * Double(key)
        }
      )
    case .tova(let budget): return (budget, 1, { given($0, history.suffix(1)) })
    case .snapKV(let chosen, let window, let prompt):
      guard position == prompt - 1 else { return (.max, 0, { _ in 0 }) }
      return (chosen + window, window, { given($0, history.suffix(window)) })
    }
  }
}
