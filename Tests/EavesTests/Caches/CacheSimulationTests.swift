import Testing

@testable import Eaves

/// What policies keep, against lists of positions that are kept token by token.
@Suite struct CacheSimulationTests {
  /// A list of kept positions and what a new token does to it.
  struct Simulation: Sendable, CustomStringConvertible {
    let text: String
    /// Drops from the list, which ends with the new position; gets a source of attention weights.
    let evict: @Sendable (_ kept: inout [Int], _ scores: inout [Double], _ tokens: Int) -> Void

    var description: String { text }
  }

  static let tokens = 700

  /// Drops the entry with the least score that is not among the newest `recent`, until `budget` are left.
  private static func dropLeast(
    _ kept: inout [Int], _ scores: [Double], to budget: Int, recent: Int
  ) {
    while kept.count > budget {
      let old = kept.indices.prefix(max(1, kept.count - recent))
      guard let least = old.min(by: { scores[kept[$0]] < scores[kept[$1]] }) else { return }
      kept.remove(at: least)
    }
  }

  static let simulations: [Simulation] = [
    Simulation(text: "full") { _, _, _ in },
    Simulation(text: "kivi:2") { _, _, _ in },
    Simulation(text: "offload:64") { _, _, _ in },
    Simulation(text: "sinks:4+60") { kept, _, _ in
      while kept.count > 64 { kept.remove(at: 4) }
    },
    Simulation(text: "h2o:48+16") { kept, scores, _ in
      dropLeast(&kept, scores, to: 64, recent: 16)
    },
    Simulation(text: "h2o:0.2") { kept, scores, tokens in
      // A fifth, rounded up.
      let budget = tokens / 5 + (tokens % 5 > 0 ? 1 : 0)
      dropLeast(&kept, scores, to: budget, recent: budget / 2)
    },
    Simulation(text: "scissorhands:50") { kept, scores, _ in
      dropLeast(&kept, scores, to: 50, recent: 10)
    },
    Simulation(text: "tova:50") { kept, scores, _ in
      // Only the last query counts: what earlier ones gave is forgotten.
      dropLeast(&kept, scores, to: 50, recent: 1)
      for index in scores.indices { scores[index] = 0 }
    },
    Simulation(text: "snapkv:40+8:prompt=300") { kept, scores, tokens in
      guard tokens == 300 else { return }
      dropLeast(&kept, scores, to: 48, recent: 8)
    },
    Simulation(text: "pyramidkv:164:prompt=300") { kept, scores, tokens in
      // One layer has the mean: 100 chosen and the window of 64.
      guard tokens == 300 else { return }
      dropLeast(&kept, scores, to: 164, recent: 64)
    },
  ]

  @Test(arguments: simulations)
  func aPolicyKeepsAsManyEntriesAsItsList(simulation: Simulation) throws {
    let policy = try CacheChoice.parsed(simulation.text).causal()
    var random = SplitMix64(seed: 3)
    var kept: [Int] = []
    var scores = [Double](repeating: 0, count: Self.tokens)
    for tokens in 1...Self.tokens {
      let before = kept.count
      kept.append(tokens - 1)
      for position in kept { scores[position] += Double.random(in: 0...1, using: &random) }
      // What the prompt's last query reads is all of it: only then is it chosen from.
      let found = simulation.text.contains("prompt") ? before + 1 : nil
      simulation.evict(&kept, &scores, tokens)
      #expect(policy.retained(tokens) == kept.count, "\(tokens) tokens")
      #expect(policy.readable(tokens - 1) + 1 == found ?? kept.count, "\(tokens) tokens")
    }
  }

  /// A cache never grows by more than the new token, and one that drops nothing never shrinks.
  @Test(arguments: CachePolicyList.examples)
  func aTokenAddsAtMostItself(text: String) throws {
    let policy = try CacheChoice.parsed(text).causal(layer: 1, layers: 4)
    #expect(policy.retained(0) == 0)
    for tokens in 0..<3000 {
      let (now, next) = (policy.retained(tokens), policy.retained(tokens + 1))
      #expect(next >= now && next <= now + 1, "\(text) at \(tokens)")
      #expect(policy.allocated(tokens + 1) >= policy.allocated(tokens))
      #expect(policy.peak(tokens) >= policy.allocated(tokens))
      #expect(policy.readable(tokens) <= now)
      if policy.isLossless { #expect(now == tokens && policy.readable(tokens) == tokens) }
    }
  }

  /// Pages are handed out when one is full; what is wasted is less than a page, (p − 1)/2 on average.
  @Test(arguments: [1, 2, 16, 100])
  func pagesWasteHalfAPageOnAverage(page: Int) {
    let policy = PagedCache(page: page)
    var pages: [[Int]] = []
    var wasted = 0
    for tokens in 1...(10 * page) {
      if pages.last?.count ?? page == page { pages.append([]) }
      pages[pages.count - 1].append(tokens)
      let waste = pages.count * page - tokens
      #expect(policy.allocated(tokens) == Double(pages.count * page))
      #expect(waste <= page - 1)
      wasted += waste
    }
    #expect(Double(wasted) / Double(10 * page) == Double(page - 1) / 2)
  }

  /// Distinct entries of a group of sequences: a shared position is one entry for all of them.
  @Test(arguments: [0, 1, 5, 64, 65, 500])
  func aPrefixIsKeptOnceAGroup(tokens: Int) throws {
    for (group, reach) in [(1, Int.max), (7, .max), (8, .max), (8, 32), (8, 100)] {
      var entries = Set<[Int]>()
      for sequence in 0..<group {
        for position in max(0, tokens - reach)..<max(0, tokens) {
          entries.insert([position < 64 ? -1 : sequence, position])
        }
      }
      let policy = PrefixCache(prefix: 64, group: group, reach: reach)
      let counted = policy.allocated(tokens) * Double(group)
      #expect(abs(counted - Double(entries.count)) < 1e-9, "\(group) \(reach)")
    }
  }

  @Test func aReservationIsHeldFromTheFirstToken() {
    let policy = ContiguousCache(longest: 100)
    #expect([0, 1, 100, 101].map(policy.allocated) == [100, 100, 100, 101])
    #expect(policy.retained(7) == 7)
    #expect(ContiguousCache(longest: 100, reach: 32).allocated(1) == 32)
  }

  @Test func theOldestTokensAreRemote() {
    let policy = OffloadCache(window: 8)
    #expect([0, 8, 9, 100].map(policy.remote) == [0, 0, 1, 92])
    #expect(OffloadCache(window: 8, reach: 20).remote(100) == 12)
    #expect(OffloadCache(window: 20, reach: 8).remote(100) == 0)
  }

  /// Budgets of PyramidKV: an arithmetic sequence to the entry, whose sum is the mean times the layers.
  @Test(arguments: [(32, 1024), (26, 128), (1, 500), (2, 65), (80, 2048), (33, 164)])
  func aPyramidHasItsMean(layers: Int, mean: Int) throws {
    let choice = try CacheChoice.parsed("pyramidkv:\(mean)")
    let entries = (0..<layers).map { choice.causal(layer: $0, layers: layers).retained(1 << 20) }
    #expect(entries.reduce(0, +) == mean * layers)
    let chosen = Double(mean - PyramidKVCache.window)
    let last = max(1, (chosen / 20).rounded(.down))
    for (layer, kept) in entries.enumerated() where layers > 1 {
      let exact =
        2 * chosen - last - Double(layer) * 2 * (chosen - last) / Double(layers - 1) + 64
      #expect(abs(Double(kept) - exact) <= 0.5, "layer \(layer)")
    }
    #expect(zip(entries, entries.dropFirst()).allSatisfy { $0 >= $1 })
  }
}
