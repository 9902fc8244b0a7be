import Testing

@testable import EavesReport

@Suite struct NumbersTests {
  private func text(_ value: Double) -> String { written { $0.append(value) } }

  private func text(_ value: Int) -> String { written { $0.append(value) } }

  @Test(arguments: [0, 1, 9, 10, 99, 100, 12345, -1, -100, .max, .min])
  func integers(_ value: Int) {
    #expect(text(value) == value.description)
  }

  @Test func integersAroundPowersOfTen() {
    var power = 1
    while power < Int.max / 10 {
      for value in [power - 1, power, power + 1] { #expect(text(value) == value.description) }
      power *= 10
    }
  }

  @Test func wholeNumbersAreIntegers() {
    #expect(text(0.0) == "0")
    #expect(text(-0.0) == "-0")
    #expect(text(-3.0) == "-3")
    #expect(text(0x1p30) == "1073741824")
    #expect(text(0x1p53) == "9007199254740992")
    #expect(text(0x1p60) == "1152921504606846976")
    #expect(text(-0x1p63) == "-9223372036854775808")
    #expect(text(0x1p64) == "18446744073709551616")
    #expect(text(1e20) == "100000000000000000000")
    #expect(text(1e21.nextDown) == "999999999999999868928")
    #expect(text(1e21) == "1e+21")
  }

  @Test func fractionsLookAsInDescription() {
    let values = [
      0.1, 0.5, -0.25, 1234.5, 0.0001, 0.00012345, 9.999e-5, 1e-5, 1.5e-10, 1.0 / 3, 2.0 / 3e5,
      .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 1e23, 9.5e-308,
      4503599627370495.5, 123456789012.34567, 8.41e21, 2e-44, 4.35, 0.3, 299792.458,
    ]
    for value in values { #expect(text(value) == value.description) }
  }

  @Test func powersOfTwoAndTenLookAsInDescription() {
    for exponent in -1074...1023 {
      let power = Double(sign: .plus, exponent: exponent, significand: 1)
      for value in [power, power.nextUp, power.nextDown] { expectShortest(value) }
    }
    for exponent in -323...308 {
      guard let power = Double("1e\(exponent)") else { continue }
      for value in [power, power.nextUp, power.nextDown] { expectShortest(value) }
    }
  }

  @Test func randomBitPatternsReadBack() {
    var generator = SplitMix(state: 1)
    for _ in 0..<1_000_000 {
      let value = Double(bitPattern: generator.next())
      if value.isFinite { expectShortest(value) }
    }
  }

  @Test func randomAmountsReadBack() {
    var generator = SplitMix(state: 2)
    for _ in 0..<100_000 {
      let magnitude = Double.random(in: -12...16, using: &generator)
      var value = Double.random(in: 1..<10, using: &generator)
      for _ in 0..<Int(abs(magnitude)) { value = magnitude < 0 ? value / 10 : value * 10 }
      expectShortest(value)
      expectShortest((value * 1000).rounded() / 1000)
    }
  }

  private func expectShortest(_ value: Double) {
    let text = text(value)
    if Double(text)?.bitPattern != value.bitPattern { Issue.record("\(text) is not \(value)") }
    let isWhole = value.magnitude < 1e21 && value == value.rounded()
    if !isWhole, text != value.description { Issue.record("\(text) is not as short as \(value)") }
    if isWhole, !text.allSatisfy({ $0.isNumber || $0 == "-" }) {
      Issue.record("\(text) is no integer")
    }
  }
}

/// A small generator of random bits that gives the same sequence in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
