import Quantities
import Testing

@testable import Eaves

@Suite struct WorkingSetCurveTests {
  /// Kibibytes and gigabytes a second.
  static func points(_ pairs: [(Double, Double)]) -> [KernelTimes.Point] {
    pairs.map { size, rate in
      KernelTimes.Point(
        workingSet: Bytes(size * 1024),
        bandwidth: Measure(
          BytesPerSecond(rate * 1e9), basis: .measured, source: "test", isVerified: true))
    }
  }

  @Test func endsAreHeldAndPointsAreMet() throws {
    let curve = try #require(
      WorkingSetCurve(Self.points([(8, 200), (64, 100), (1024, 25)])))
    #expect(curve.time(1) == 1 / 200e9)
    #expect(curve.time(8 * 1024) == 1 / 200e9)
    #expect(abs(curve.time(64 * 1024) * 100e9 - 1) < 1e-12)
    #expect(curve.time(1_099_511_627_776) == 1 / 25e9)
  }

  /// Half-way in the logarithm of the size is half-way in time.
  @Test func linesAreStraightInTheLogarithm() throws {
    let curve = try #require(WorkingSetCurve(Self.points([(16, 100), (64, 50)])))
    let middle = (1 / 100e9 + 1 / 50e9) / 2
    #expect(abs(curve.time(32 * 1024) / middle - 1) < 1e-12)
  }

  /// A nearer level is never slower than a farther one: a small loop's overhead is not the cache's.
  @Test func timesNeverFall() throws {
    let curve = try #require(
      WorkingSetCurve(Self.points([(4, 80), (16, 200), (256, 90), (4096, 95), (65536, 20)])))
    var last = 0.0
    for exponent in stride(from: 10.0, through: 30, by: 0.1) {
      let time = curve.time((0..<Int(exponent * 10)).reduce(1.0) { size, _ in size * 1.071_773 })
      #expect(time >= last)
      last = time
    }
    #expect(curve.nearest == 1 / 200e9)
  }

  @Test func noPointsMakeNoCurve() { #expect(WorkingSetCurve([]) == nil) }
}
