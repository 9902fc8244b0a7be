import Testing

@testable import EavesKernels

@Suite struct BandwidthCurveTests {
  private let curve = BandwidthCurve([
    .init(bytes: 64, rate: 20), .init(bytes: 8, rate: 100), .init(bytes: 16, rate: 90),
    .init(bytes: 32, rate: 30), .init(bytes: 8, rate: 95),
  ])

  @Test func pointsAreSortedAndTheFastestOfEachWorkingSetCounts() {
    #expect(curve.points.map(\.bytes) == [8, 16, 32, 64])
    #expect(curve.points.first?.rate == 100)
  }

  @Test func aKneeIsWhereTheCurveCrossesTheMeanOfTheTwoPlateaus() {
    // √(100·20) is 44.7, between 90 at 16 and 30 at 32: 16·2^(ln(90/44.7)/ln 3) is 24.9.
    #expect(curve.knee(nearer: 0, capacity: 30, next: nil) == 24)
    #expect(curve.knee(nearer: 0, capacity: 12, next: nil) == 12, "at most the capacity")
  }

  @Test func aCurveThatDoesNotFallHasNoKnee() {
    let flat = BandwidthCurve([8, 16, 32, 64].map { .init(bytes: $0, rate: 100 - Double($0) / 8) })
    #expect(flat.knee(nearer: 0, capacity: 16, next: nil) == nil)
    #expect(curve.knee(nearer: 0, capacity: 64, next: nil) == nil, "nothing was measured beyond")
  }
}
