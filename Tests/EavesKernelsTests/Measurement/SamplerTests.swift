import Testing

@testable import EavesKernels

/// A machine whose clock only moves when something is measured.
private final class FakeMachine {
  var time = 0.0
  /// Which measurements took place, by size of the probe.
  var log: [Int] = []
  /// Seconds of an iteration, by size; and how many times longer it took, by number of the sample.
  var seconds: [Int: Double] = [:]
  var delay: (Int) -> Double = { _ in 1 }
  /// Samples only, without those that look for the number of iterations.
  var iterations: [Int] = []

  func measure(_ probe: Probe, _ count: Int) -> Sample {
    let cpu = Double(count) * (seconds[probe.key.size] ?? 1e-3)
    let wall = cpu * delay(log.count)
    log.append(probe.key.size)
    iterations.append(count)
    time += wall
    return Sample(wall: wall, cpu: cpu)
  }

  func run(sizes: [Int], budget: Double, goal: Sampler.Goal = .init()) -> [Sampler.Result] {
    let probes = sizes.map { Probe(.init(.read, size: $0), work: 2) { _, _ in } }
    return Sampler(goal: goal, now: { self.time }, measure: measure)
      .run(probes, budget: budget) { share in
        #expect((0...1).contains(share))
      }
  }
}

@Suite struct SamplerTests {
  @Test func aQuietMachineSettlesWithAsManyRoundsAsAreAskedFor() throws {
    let machine = FakeMachine()
    machine.seconds = [1: 1e-3, 2: 2e-3]
    let results = machine.run(sizes: [1, 2], budget: 10)
    #expect(machine.time < 0.2, "it stops long before the budget")
    for result in results {
      #expect(result.series.cleanCount >= 8)
      #expect(result.series.roundMinima.count >= 4)
      #expect(result.series.spread == 0)
    }
    #expect(try abs(#require(results[0].rate) - 2000) < 1e-6)
    #expect(try abs(#require(results[1].time) - 1e-3) < 1e-12)
  }

  @Test(arguments: [(1e-9, 3_000_000), (1e-4, 30), (2e-3, 2), (0.5, 1)])
  func samplesAreAboutThreeMilliseconds(seconds: Double, count: Int) throws {
    let machine = FakeMachine()
    machine.seconds = [1: seconds]
    _ = machine.run(sizes: [1], budget: 5)
    let last = try #require(machine.iterations.last)
    #expect(abs(Double(last) / Double(count) - 1) < 0.01)
  }

  @Test func samplesOfDifferentQuantitiesAreInterleaved() {
    let machine = FakeMachine()
    _ = machine.run(sizes: [1, 2, 3], budget: 10)
    // The first round looks for iterations; from then on a few of each in turn.
    let later = machine.log.suffix(12)
    #expect(Array(later) == [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3])
  }

  @Test func interruptedSamplesDoNotReachTheFigure() throws {
    let machine = FakeMachine()
    // Two of three samples are put aside for a while.
    machine.delay = { $0.isMultiple(of: 3) ? 1 : 1.5 }
    let result = try #require(machine.run(sizes: [1], budget: 10).first)
    #expect(result.series.count > 2 * result.series.cleanCount)
    #expect(result.series.cleanCount >= 8)
    #expect(try abs(#require(result.time) * 2 - 1e-3) < 1e-12)
  }

  @Test func aMachineThatIsNeverFreeStillGetsAFigureAtTheEndOfTheBudget() throws {
    let machine = FakeMachine()
    machine.delay = { $0.isMultiple(of: 2) ? 2 : 3 }
    let result = try #require(machine.run(sizes: [1], budget: 1).first)
    #expect(machine.time >= 1 && machine.time < 1.1)
    #expect(!result.series.isClean && result.series.cleanCount == 0)
    #expect(try abs(#require(result.time) * 2 - 2e-3) < 1e-12, "the shortest of the dirty ones")
  }

  @Test func everyQuantityHasAFigureHoweverShortTheBudget() {
    let machine = FakeMachine()
    let results = machine.run(sizes: Array(1...20), budget: 1e-6)
    #expect(results.count == 20)
    #expect(results.allSatisfy { $0.series.count == 1 && $0.time != nil })
  }

  @Test func aTeamThatIsNotCompleteGivesNoFigure() {
    var result = Sampler.Result(key: .init(.read, size: 1, threads: 2), work: 1)
    result.series.add(.infinity, isClean: false, round: 0)
    #expect(result.time == nil && result.rate == nil)
  }
}
