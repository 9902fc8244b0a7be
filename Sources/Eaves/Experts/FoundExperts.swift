/// How many of the distinct experts of a step are in a cache of those used last, by the tokens of the step.
///
/// Under uniform routing it is worked out: the j experts that a step has looked up before are the newest in the cache
/// and do not come again, so of E − j others C − j are cached, whichever they are. That gives Σ over j of P(D > j)·max(0,
/// C − j)/(E − j), with D the distinct experts of the step, whose distribution is built token by token. Other routing is
/// played: look-ups of a trace against a cache (docs/method.md 2).
struct FoundExperts: Sendable {
  /// Numbers of tokens, ascending, and the mean of experts found; linear in between, the last for more.
  private let tokens: [Int]
  private let means: [Double]

  /// Steps of so many tokens at most are told apart.
  static let mostTokens = 4096

  /// Experts found in a step; of no tokens none.
  func mean(tokens count: Int) -> Double {
    guard let last = tokens.last, count < last else { return means.last ?? 0 }
    var (low, high) = (0, tokens.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if tokens[middle] <= count { low = middle } else { high = middle }
    }
    guard high > low else { return means[low] }
    let share = Double(count - tokens[low]) / Double(tokens[high] - tokens[low])
    return means[low] + share * (means[high] - means[low])
  }

  // MARK: Uniform routing

  /// Uniform routing over `experts` of which `own` lie on a device that keeps `cached` of them.
  init(experts: Int, perToken: Int, own: Int, cached: Int) {
    let chances = (0..<own).map { Double(max(0, min(cached, own) - $0)) / Double(own - $0) }
    let draws = (0...own).map { Self.draws(of: own - $0, in: experts, perToken: perToken) }
    var distinct = Array(repeating: 0.0, count: own + 1)
    distinct[0] = 1
    var means = [0.0]
    // Until all experts are touched but for a chance that no figure shows.
    while means.count <= Self.mostTokens, 1 - distinct[own] > 1e-12 {
      distinct = Self.next(distinct, draws)
      var (left, mean) = (1.0, 0.0)
      for place in 0..<own {
        left -= distinct[place]
        if left < 1e-15 { break }
        mean += left * chances[place]
      }
      means.append(mean)
    }
    self.means = means
    tokens = Array(0..<means.count)
  }

  /// The distribution of distinct experts after one more token.
  private static func next(_ distinct: [Double], _ draws: [[Double]]) -> [Double] {
    var next = Array(repeating: 0.0, count: distinct.count)
    for (touched, chance) in distinct.enumerated() where chance > 1e-18 {
      for (new, draw) in draws[touched].enumerated() where touched + new < next.count {
        next[touched + new] += chance * draw
      }
    }
    return next
  }

  /// Chances that a token draws 0, 1 … of `fresh` experts among all, without putting any back.
  private static func draws(of fresh: Int, in experts: Int, perToken: Int) -> [Double] {
    var chances = [1.0]
    for drawn in 0..<perToken {
      var next = Array(repeating: 0.0, count: chances.count + 1)
      for (count, chance) in chances.enumerated() {
        let hit = Double(max(0, fresh - count)) / Double(experts - drawn)
        next[count + 1] += chance * hit
        next[count] += chance * (1 - hit)
      }
      chances = next
    }
    return chances
  }

  // MARK: Traces

  /// A trace a layer, played over caches of `cached` experts on each of some devices; expert e lies on device e mod
  /// devices.
  ///
  /// Steps are consecutive tokens, and begin again where the trace ends. It is played twice, the second time counted, so
  /// that caches are warm.
  init(traces: [[[Int]]], experts: Int, devices: Int, cached: Int) {
    var tokens = [0]
    var means = [0.0]
    var size = 1
    while size <= Self.mostTokens {
      tokens.append(size)
      let sums = traces.map { Self.played($0, step: size, experts, devices, cached) }
      means.append(sums.reduce(0, +) / Double(max(1, sums.count)))
      size *= 2
    }
    self.tokens = tokens
    self.means = means
  }

  /// Mean experts found on a device in steps of `step` tokens.
  private static func played(
    _ trace: [[Int]], step: Int, _ experts: Int, _ devices: Int, _ cached: Int
  ) -> Double {
    var caches = Array(repeating: RecentList(items: experts, capacity: cached), count: devices)
    // As many steps as the trace has, but at least one.
    let steps = max(1, trace.count / step)
    var found = 0
    var seen = Array(repeating: -1, count: experts)
    for pass in 0..<(2 * steps) {
      for place in 0..<step {
        for expert in trace[(pass * step + place) % trace.count] where seen[expert] != pass {
          seen[expert] = pass
          let isFound = caches[expert % devices].lookUp(expert)
          if isFound, pass >= steps { found += 1 }
        }
      }
    }
    return Double(found) / Double(steps * devices)
  }
}

/// Items in the order of their last use; what was used longest ago makes room.
struct RecentList: Sendable {
  private let capacity: Int
  private var newer: [Int]
  private var older: [Int]
  private var isKept: [Bool]
  private var newest = -1
  private var oldest = -1
  private var count = 0

  /// An empty list of at most `capacity` of the items 0, 1 … `items` − 1.
  init(items: Int, capacity: Int) {
    self.capacity = capacity
    newer = Array(repeating: -1, count: items)
    older = newer
    isKept = Array(repeating: false, count: items)
  }

  /// Looks an item up and keeps it.
  /// - Returns: whether it was there.
  mutating func lookUp(_ item: Int) -> Bool {
    let isFound = isKept[item]
    if isFound {
      remove(item)
    } else if count == capacity, oldest >= 0 {
      remove(oldest)
    }
    guard capacity > 0 else { return false }
    older[item] = newest
    newer[item] = -1
    if newest >= 0 { newer[newest] = item } else { oldest = item }
    newest = item
    isKept[item] = true
    count += 1
    return isFound
  }

  private mutating func remove(_ item: Int) {
    let (after, before) = (newer[item], older[item])
    if after >= 0 { older[after] = before } else { newest = before }
    if before >= 0 { newer[before] = after } else { oldest = after }
    isKept[item] = false
    count -= 1
  }
}
