import Testing

@testable import Eaves

/// Experts found in a cache against lists, against every order of a cache, and against simulated figures.
@Suite struct FoundExpertsTests {
  /// A plain list, newest first.
  private struct List {
    var items: [Int]
    let capacity: Int

    mutating func lookUp(_ item: Int) -> Bool {
      let place = items.firstIndex(of: item)
      if let place { items.remove(at: place) }
      items.insert(item, at: 0)
      items = Array(items.prefix(capacity))
      return place != nil
    }
  }

  @Test(arguments: [(1, 1), (5, 2), (8, 8), (8, 0), (16, 5), (64, 32)])
  func aCacheOfThoseUsedLastIsAList(items: Int, capacity: Int) {
    var generator = SplitMix64(seed: UInt64(items * 100 + capacity))
    var list = List(items: [], capacity: capacity)
    var cache = RecentList(items: items, capacity: capacity)
    for _ in 0..<4000 {
      let item = Int.random(in: 0..<items, using: &generator)
      #expect(cache.lookUp(item) == list.lookUp(item))
    }
  }

  /// Every order of distinct experts that a token can draw.
  private static func draws(_ experts: Int, _ count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return draws(experts, count - 1).flatMap { start in
      (0..<experts).filter { !start.contains($0) }.map { start + [$0] }
    }
  }

  /// Under uniform routing every order of the last uses is as likely: the mean over all of them, and over all tokens.
  @Test(arguments: [
    (4, 2, 1, 1), (4, 2, 2, 1), (4, 2, 3, 2), (4, 1, 2, 3), (3, 1, 1, 4), (4, 3, 2, 2),
    (4, 2, 4, 2),
  ])
  func uniformRoutingIsTheMeanOverAllOrders(experts: Int, perToken: Int, cached: Int, tokens: Int) {
    let orders = Self.draws(experts, experts)
    let choices = Self.draws(experts, perToken)
    var steps: [[Int]] = [[]]
    for _ in 0..<tokens { steps = steps.flatMap { step in choices.map { step + $0 } } }
    var found = 0
    for order in orders {
      for step in steps {
        var list = List(items: Array(order.prefix(cached)), capacity: cached)
        var seen: Set<Int> = []
        for expert in step where seen.insert(expert).inserted {
          if list.lookUp(expert) { found += 1 }
        }
      }
    }
    let mean = Double(found) / Double(orders.count * steps.count)
    let form = FoundExperts(experts: experts, perToken: perToken, own: experts, cached: cached)
    #expect(abs(form.mean(tokens: tokens) - mean) < 1e-12)
  }

  /// On one of several devices: the experts that lie there, in steps of all tokens.
  @Test func aDeviceFindsAmongItsOwn() {
    let (experts, perToken, devices, cached) = (6, 2, 2, 2)
    var generator = SplitMix64(seed: 3)
    let trace = (0..<60_000).map { _ in
      Array((0..<experts).shuffled(using: &generator).prefix(perToken))
    }
    let played = FoundExperts(traces: [trace], experts: experts, devices: devices, cached: cached)
    let form = FoundExperts(experts: experts, perToken: perToken, own: 3, cached: cached)
    for tokens in [1, 2, 4, 8] {
      #expect(abs(played.mean(tokens: tokens) - form.mean(tokens: tokens)) < 0.02)
    }
  }

  @Test(arguments: [(8, 2, 2), (8, 2, 4), (64, 6, 32), (128, 8, 64), (60, 4, 1)])
  func oneTokenIsTheClosedForm(experts: Int, perToken: Int, cached: Int) {
    let form = ExpertCacheArithmetic(experts: experts, perToken: perToken, cached: cached)
    let found = FoundExperts(experts: experts, perToken: perToken, own: experts, cached: cached)
    #expect(abs(found.mean(tokens: 1) / Double(perToken) - form.hitRatio) < 1e-12)
    // All experts in every step: those that are cached are found as they come up, and leave with it.
    let all = (0..<experts).reduce(0.0) {
      $0 + Double(max(0, cached - $1)) / Double(experts - $1)
    }
    #expect(abs(found.mean(tokens: 1 << 20) - all) < 1e-9)
  }

  /// Simulated shares of techniques 6, looked up one after another, with popularity 1/i.
  @Test(arguments: [(8, 2, 4, 0.613), (64, 6, 32, 0.749), (128, 8, 64, 0.779)])
  func zipfIsAsSimulatedElsewhere(experts: Int, perToken: Int, cached: Int, share: Double) {
    let trace = ZipfRouting(experts: experts, perToken: perToken, exponent: 1).trace
    let found = FoundExperts(traces: [trace], experts: experts, devices: 1, cached: cached)
    #expect(abs(found.mean(tokens: 1) / Double(perToken) - share) < 0.01)
  }

  /// Without preferences a drawn trace is uniform, and playing it gives the closed form.
  @Test func drawnWithoutPreferenceItIsUniform() {
    let trace = ZipfRouting(experts: 16, perToken: 4, exponent: 0).trace
    #expect(trace.allSatisfy { Set($0).count == 4 })
    let played = FoundExperts(traces: [trace], experts: 16, devices: 1, cached: 6)
    let form = FoundExperts(experts: 16, perToken: 4, own: 16, cached: 6)
    for (tokens, error) in [(1, 0.03), (2, 0.05), (8, 0.1), (64, 0.25)] {
      #expect(abs(played.mean(tokens: tokens) - form.mean(tokens: tokens)) < error)
    }
  }

  /// A trace that repeats finds what the cache holds of it.
  @Test func aRecordedTraceIsPlayedAsItIs() {
    let circle = (0..<40).map { [$0 % 4] }
    #expect(FoundExperts(traces: [circle], experts: 8, devices: 1, cached: 4).mean(tokens: 1) == 1)
    #expect(FoundExperts(traces: [circle], experts: 8, devices: 1, cached: 3).mean(tokens: 1) == 0)
    let two = FoundExperts(traces: [circle, [[5]]], experts: 8, devices: 1, cached: 3)
    #expect(two.mean(tokens: 1) == 0.5)
  }

  @Test func strongPreferencesEnd() {
    let trace = ZipfRouting(experts: 64, perToken: 8, exponent: 10).trace
    #expect(trace.allSatisfy { Set($0).count == 8 && $0[0] < 8 })
  }

  @Test func logarithmsAndPowersOfE() {
    #expect(abs(logarithm(10) - 2.302585092994046) < 1e-15)
    #expect(logarithm(1) == 0 && exponential(0) == 1)
    #expect(abs(exponential(1) - 2.718281828459045) < 1e-15)
    for value in [1e-300, 0.001, 0.7, 1, 3, 1e5, 1e300] {
      #expect(abs(exponential(logarithm(value)) / value - 1) < 1e-12)
    }
  }
}
