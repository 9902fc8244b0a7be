import Quantities
import Testing

/// Amounts as people and files write them.
@Suite struct NotationTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let text: String
    let value: Double

    init(_ text: String, _ value: Double) {
      self.text = text
      self.value = value
    }

    var testDescription: String { text }
  }

  @Test(arguments: [
    Sample("1 B", 1), Sample("1 kB", 1e3), Sample("1 MB", 1e6), Sample("1 GB", 1e9),
    Sample("1 TB", 1e12), Sample("1 PB", 1e15), Sample("1 EB", 1e18),
    Sample("1 KiB", 1024), Sample("1 MiB", 1_048_576), Sample("1 GiB", 1_073_741_824),
    Sample("1 TiB", 1_099_511_627_776), Sample("1 PiB", 1_125_899_906_842_624),
    Sample("80 GiB", 85_899_345_920), Sample("1.5 KiB", 1536), Sample("0.5 GB", 5e8),
    Sample("1GB", 1e9), Sample("1   GB", 1e9), Sample("+3 B", 3), Sample("-3 B", -3),
  ])
  func aSizeKeepsDecimalAndBinaryPrefixesApart(sample: Sample) throws {
    #expect(try Bytes(parsing: sample.text).value == sample.value)
  }

  /// "E" is an exponent only where digits follow.
  @Test(arguments: [
    Sample("1EB", 1e18), Sample("1 EB", 1e18), Sample("1e3B", 1e3), Sample("1e3 B", 1e3),
    Sample("1E3 B", 1e3), Sample("1e3EB", 1e21), Sample("2e-3 GB", 2e6), Sample("1E+2 kB", 1e5),
  ])
  func exaIsToldFromAnExponent(sample: Sample) throws {
    #expect(try Bytes(parsing: sample.text).value == sample.value)
  }

  @Test(arguments: [
    Sample("5 us", 5e-6), Sample("5 \u{b5}s", 5e-6), Sample("5 \u{3bc}s", 5e-6),
    Sample("5 ms", 5e-3), Sample("5 ns", 5e-9), Sample("5 ps", 5e-12), Sample("5 fs", 5e-15),
    Sample("5 s", 5),
  ])
  func aTimeTakesEverySpellingOfMicro(sample: Sample) throws {
    #expect(try Seconds(parsing: sample.text).value == sample.value)
  }

  @Test(arguments: [
    Sample("0.75", 0.75), Sample("75 %", 0.75), Sample("75%", 0.75), Sample("100 %", 1),
    Sample("1", 1), Sample("7.3 %", 0.073), Sample("1e-2", 0.01), Sample("0.1 %", 0.001),
  ])
  func aPercentIsAHundredth(sample: Sample) throws {
    #expect(try Ratio(parsing: sample.text).value == sample.value)
  }

  @Test(arguments: [
    "312 TFLOP/s", "312 TFLOPs/s", "312 TOP/s", "312 Top/s", "312000 GFLOP/s", "0.312 PFLOP/s",
  ])
  func aRateTakesFloatingPointAndIntegerSpellings(text: String) throws {
    #expect(try FLOPsPerSecond(parsing: text).value == 312e12)
  }

  @Test func everyKindReadsItsUnit() throws {
    #expect(try FLOPs(parsing: "27.6 TFLOP").value == 27.6e12)
    #expect(try BytesPerSecond(parsing: "2 GiB/s").value == 0x1p31)
    #expect(try SecondsPerByte(parsing: "0.5 ns/B").value == 0.5e-9)
    #expect(try SecondsPerFLOP(parsing: "3 ps/FLOP").value == 3e-12)
    #expect(try Hertz(parsing: "1.41 GHz").value == 1.41e9)
    #expect(try TransfersPerSecond(parsing: "6400 MT/s").value == 6.4e9)
    #expect(try Joules(parsing: "640 pJ").value == 640e-12)
    #expect(try Watts(parsing: "400 W").value == 400)
    #expect(try Watts(parsing: "15 mW").value == 0.015)
    #expect(try JoulesPerByte(parsing: "14.8 pJ/B").value == 14.8e-12)
    #expect(try JoulesPerFLOP(parsing: "0.75 pJ/FLOP").value == 0.75e-12)
    #expect(try JoulesPerFLOP(parsing: "0.75 pJ/OP").value == 0.75e-12)
    #expect(try Intensity(parsing: "153 FLOP/B").value == 153)
    #expect(try TokensPerSecond(parsing: "79.86 tokens/s").value == 79.86)
    #expect(try Celsius(parsing: "-40 degC").value == -40)
    #expect(try Celsius(parsing: "95 °C").value == 95)
    #expect(try KelvinPerWatt(parsing: "0.2 K/W").value == 0.2)
  }

  /// The prefix shifts the decimal text, so spellings of one amount are one `Double`.
  @Test func prefixesAreAppliedToTheDecimalText() throws {
    let tera = try BytesPerSecond(parsing: "2.039 TB/s")
    #expect(try tera == BytesPerSecond(parsing: "2039 GB/s"))
    #expect(try tera == BytesPerSecond(parsing: "2039e9 B/s"))
    #expect(try tera == BytesPerSecond(parsing: "2.039e3 GB/s"))
    // The product of the binary numbers is another: shifting the text is what makes them equal.
    #expect(tera.value != 2.039 * 1e12)
    #expect(try Seconds(parsing: "3.3 us").value == 3.3e-6)
    #expect(3.3 * 1e-6 != 3.3e-6)
  }

  @Test func thousandsOfRandomDecimalsReadAsTheirExactText() throws {
    var random = SplitMix64(seed: 1)
    let prefixes = [
      ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18), ("m", -3),
      ("u", -6), ("n", -9), ("p", -12), ("f", -15),
    ]
    for _ in 0..<4000 {
      let whole = Int.random(in: 0..<10_000, using: &random)
      let fraction = Int.random(in: 100_000..<1_000_000, using: &random)
      let (symbol, exponent) = try #require(prefixes.randomElement(using: &random))
      let text = "\(whole).\(fraction) \(symbol)J"
      let exact = try #require(Double("\(whole).\(fraction)e\(exponent)"))
      #expect(try Joules(parsing: text).value == exact, "\(text)")
    }
  }
}
