import Testing

@testable import EavesKernels

@Suite struct SeriesTests {
  @Test(arguments: [(1.02, 1.0, true), (1.03, 1.0, false), (1.0, 1.0, true), (0.0, 0.0, false)])
  func aSampleIsCleanWhereItHadAProcessorAllTheTime(wall: Double, cpu: Double, isClean: Bool) {
    #expect(Sample(wall: wall, cpu: cpu).isClean(tolerance: 1.02) == isClean)
  }

  @Test func dirtySamplesAreDroppedHoweverShort() {
    var series = Series()
    series.add(1, isClean: false, round: 0)
    series.add(3, isClean: true, round: 0)
    series.add(2, isClean: true, round: 1)
    #expect(series.best == 2)
    #expect(series.count == 3 && series.cleanCount == 2 && series.isClean)
  }

  @Test func withoutACleanSampleTheShortestOfAllStandsAndIsSaidToBeDirty() {
    var series = Series()
    #expect(series.best == nil && series.spread == nil)
    series.add(5, isClean: false, round: 0)
    series.add(4, isClean: false, round: 1)
    #expect(series.best == 4 && !series.isClean)
  }

  /// The definition, for odd and even numbers of rounds.
  @Test(arguments: [([4.0, 5, 6], 0.25), ([4.0, 5, 7, 100], 0.5), ([4.0], 0.0)])
  func spreadIsMedianOverMinimumOfTheRounds(minima: [Double], spread: Double) {
    var series = Series()
    for (round, time) in minima.reversed().enumerated() {
      series.add(time, isClean: true, round: round)
      // Longer samples of the same round change nothing.
      series.add(time * 3, isClean: true, round: round)
    }
    #expect(series.spread == spread)
  }

  @Test func settledMeansEnoughCleanSamplesAndTwoRoundsThatAgree() {
    var series = Series()
    func isSettled() -> Bool { series.isSettled(cleanSamples: 4, rounds: 2, agreement: 0.01) }
    for _ in 0..<4 { series.add(1, isClean: true, round: 0) }
    #expect(!isSettled(), "one round")
    series.add(1.02, isClean: true, round: 1)
    #expect(!isSettled(), "2 % apart")
    series.add(0.995, isClean: false, round: 2)
    #expect(!isSettled(), "a dirty round does not count")
    series.add(1.005, isClean: true, round: 3)
    #expect(isSettled())
  }
}
