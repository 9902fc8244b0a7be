import Quantities
import Testing

@testable import Eaves

/// Heating in steps of time against the closed form, and the logarithm and powers that it needs.
@Suite struct SustainedPowerTests {
  private static func power(
    sustained: Double? = nil, tdp: Double? = nil, most: Double? = 85, resistance: Double? = 12,
    seconds: Double? = 20
  ) -> Power {
    var power = Power()
    power.sustained = sustained.map { TestChip.measure(Watts($0)) }
    power.tdp = tdp.map { TestChip.measure(Watts($0)) }
    power.thermal = Power.Thermal(
      throttleAt: most.map { TestChip.measure(Celsius($0)) },
      resistance: resistance.map { TestChip.measure(KelvinPerWatt($0)) },
      timeConstant: seconds.map { TestChip.measure(Seconds($0)) })
    return power
  }

  /// dT/dt = (T_a + P·R − T)/τ, in small steps.
  @Test(arguments: [5.5, 8, 12, 30], [25.0, 40, 80])
  func heatingTakesAsLongAsItsEquation(watts: Double, start: Double) throws {
    let body = try #require(SustainedPower(Self.power()))
    let step = 1e-4
    var (temperature, elapsed) = (start, 0.0)
    while temperature < 85 {
      temperature += (25 + watts * 12 - temperature) / 20 * step
      elapsed += step
    }
    let closed = try #require(body.secondsToThrottle(at: Watts(watts), from: Celsius(start)))
    #expect(abs(closed.value - elapsed) < 2e-3 * max(1, elapsed))
  }

  /// (85 − 25)/12 = 5 W can go on for ever, and the design power where it is less.
  @Test func theLimitIsTheLesserOfDesignAndTemperature() throws {
    #expect(try #require(SustainedPower(Self.power())).limit.value == 5)
    #expect(try #require(SustainedPower(Self.power(tdp: 4))).limit.value == 4)
    #expect(try #require(SustainedPower(Self.power(tdp: 9))).limit.value == 5)
    #expect(try #require(SustainedPower(Self.power(sustained: 3.5, tdp: 9))).limit.value == 3.5)
    #expect(SustainedPower(Self.power(most: nil)) == nil)
    let body = try #require(SustainedPower(Self.power()))
    #expect(body.secondsToThrottle(at: Watts(5)) == Seconds(.infinity))
    #expect(body.secondsToThrottle(at: Watts(9), from: Celsius(90)) == .zero)
  }

  /// Without a time constant nothing is said of when.
  @Test func whatTheProfileLacksIsNotGuessed() throws {
    let body = try #require(SustainedPower(Self.power(sustained: 4, seconds: nil)))
    #expect(body.secondsToThrottle(at: Watts(9)) == nil)
    #expect(body.secondsToThrottle(at: Watts(3)) == Seconds(.infinity))
    let sentence = body.sentence(Watts(9))
    #expect(sentence.contains("it throttles") && !sentence.contains("after"))
    #expect(body.sentence(Watts(3)).contains("it can go on"))
  }

  /// Half the power: half the clock where the voltage stays, 0.794 of it where it falls along.
  @Test func clocksFallBetweenTheRatioAndItsCubeRoot() throws {
    let body = try #require(SustainedPower(Self.power(sustained: 4)))
    let share = body.clockShare(at: Watts(8))
    #expect(share.lowerBound == 0.5)
    let cube = share.upperBound * share.upperBound * share.upperBound
    #expect(abs(cube - 0.5) < 1e-12)
    #expect(body.clockShare(at: Watts(4)) == 1...1)
  }

  /// The sum over n of x^n/n!, from both sides.
  @Test(arguments: [1e-6, 0.1, 0.5, 1, 1.5, 2, 2.718_281_828, 10, 12_345, 1e9])
  func theLogarithmInvertsTheExponential(value: Double) {
    let logarithm = naturalLogarithm(value)
    // exp(x) = exp(x/1024)^1024, the small one by its series.
    let small = logarithm / 1024
    var (sum, term) = (0.0, 1.0)
    for index in 1..<20 {
      sum += term
      term *= small / Double(index)
    }
    let back = Eaves.power(sum, 1024)
    #expect(abs(back / value - 1) < 1e-11)
  }
}
