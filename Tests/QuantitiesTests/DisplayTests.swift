import Quantities
import Testing

/// The printer for people.
@Suite struct DisplayTests {
  @Test(arguments: [
    (0.0, "0 B"), (1, "1.00 B"), (999, "999 B"), (1000, "1.00 kB"), (999.6, "1.00 kB"),
    (1536, "1.54 kB"), (16_060_522_496, "16.1 GB"), (85_899_345_920, "85.9 GB"),
    (999_499, "999 kB"), (999_500, "1.00 MB"), (2e18, "2.00 EB"), (-1500, "-1.50 kB"),
    (0.5, "0.500 B"), (.infinity, "inf B"),
  ])
  func aSizeHasThreeDigitsAndADecimalPrefix(value: Double, text: String) {
    #expect(Bytes(value).display == text)
  }

  @Test(arguments: [
    (0.0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1536, "1.50 KiB"),
    (1_073_741_824, "1.00 GiB"), (85_899_345_920, "80.0 GiB"), (-2048, "-2.00 KiB"),
  ])
  func aSizeIsAlsoPrintedWithABinaryPrefix(value: Double, text: String) {
    #expect(Bytes(value).displayBinary == text)
  }

  @Test(arguments: [
    (0.00701, "7.01 ms"), (0.0885, "88.5 ms"), (1, "1.00 s"), (0.9996, "1.00 s"),
    (2.6e-6, "2.60 µs"), (16e-9, "16.0 ns"), (3e-12, "3.00 ps"), (4e-15, "0.00400 ps"),
    (120, "120 s"), (7200, "7.20 ks"),
  ])
  func aTimeShrinksToPicoseconds(value: Double, text: String) {
    #expect(Seconds(value).display == text)
  }

  @Test func everyKindPrintsItsUnit() {
    #expect(FLOPs(27.6e12).display == "27.6 TFLOP")
    #expect(BytesPerSecond(2.039e12).display == "2.04 TB/s")
    #expect(BytesPerSecond(0.5).display == "0.500 B/s")
    #expect(FLOPsPerSecond(312e12).display == "312 TFLOP/s")
    #expect(Watts(0.0152).display == "15.2 mW")
    #expect(JoulesPerByte(14.8e-12).display == "14.8 pJ/B")
    #expect(Intensity(241.8).display == "242 FLOP/B")
    #expect(Intensity(0.5).display == "0.500 FLOP/B")
    #expect(Ratio(0.75).display == "0.750")
    #expect(TokensPerSecond(79.86).display == "79.9 tokens/s")
    #expect(TokensPerSecond(12345).display == "12345 tokens/s")
    #expect(Celsius(-40).display == "-40.0 degC")
  }

  @Test(arguments: [
    (1e-3, "0.00100"), (9.99e-4, "9.99e-4"), (1.234e-9, "1.23e-9"), (9.996e-5, "1.00e-4"),
    (1e6, "1.00e6"), (-2.5e7, "-2.50e7"), (9.996e8, "1.00e9"), (999_999, "999999"),
    (0.012_34, "0.0123"), (12.34, "12.3"), (1234, "1234"), (0, "0"),
  ])
  func numbersKeepThreeDigitsAndUseExponentsOnlyAtTheEnds(value: Double, text: String) {
    #expect(significant(value) == text)
  }

  @Test(arguments: [
    (3.14159, 2, "3.14"), (2.5, 0, "3"), (-0.04, 1, "0.0"), (-0.06, 1, "-0.1"), (1.005, 1, "1.0"),
    (0.05, 3, "0.050"), (1e30, 2, "1e+30"),
  ])
  func aFixedNumberHasItsDecimals(value: Double, decimals: Int, text: String) {
    #expect(fixed(value, decimals: decimals) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (1_073_741_824, "1,073,741,824"),
    (-1234, "-1,234"), (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func wholeNumbersAreGroupedByThousands(value: Int, text: String) {
    #expect(grouped(value) == text)
  }
}
