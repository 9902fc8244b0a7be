import Testing

@testable import EavesKernels

@Suite struct TeamTests {
  @Test(arguments: [1, 2, 4])
  func everyThreadDoesTheWarmUpAndTheIterationsOnce(threads: Int) {
    let sums = AlignedBuffer(bytes: 8 * threads, filling: 0)
    var prepared = 0
    let probe = Probe(
      .init(.read, size: 1, threads: threads), work: 1, warmUp: 3, prepare: { prepared += 1 }
    ) { thread, count in
      sums.doubles[thread] += Double(count)
    }
    let sample = Team.sample(probe, 40)
    #expect(prepared == 1)
    #expect((0..<threads).allSatisfy { sums.doubles[$0] == 43 })
    #expect(sample.wall > 0 && sample.wall.isFinite && sample.cpu >= 0)
  }

  @Test func aLibraryWithItsOwnThreadsIsTimedByTheProcess() {
    let probe = Probe(.init(.sgemm, size: 1, threads: 4), work: 1, scope: .process) { _, _ in }
    #expect(probe.team == 1)
  }

  @Test func clocksGoForwardAndTheDateIsOne() {
    let (wall, cpu) = (MeasurementClock.wall(), MeasurementClock.cpu(.thread))
    var sum = 0.0
    for index in 0..<100_000 { sum += Double(index) }
    #expect(sum > 0)
    #expect(MeasurementClock.wall() > wall)
    #expect(MeasurementClock.cpu(.thread) > cpu)
    #expect(MeasurementClock.date().wholeMatch(of: /20\d\d-[01]\d-[0-3]\d/) != nil)
  }
}
