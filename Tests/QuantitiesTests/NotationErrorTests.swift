import Quantities
import Testing

/// What is refused, and the exact words.
@Suite struct NotationErrorTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let kind: any Quantity.Type
    let text: String
    let message: String

    init(_ kind: any Quantity.Type, _ text: String, _ message: String) {
      self.kind = kind
      self.text = text
      self.message = message
    }

    var testDescription: String { "\(kind) from \"\(text)\"" }
  }

  private static let sizes = #"write "1 MB" or "1 MiB" or "1 GB" or "1 GiB""#
  private static let bandwidths = #"write "1 GB/s" or "1 TB/s""#
  private static let ratios = #"write "0.75" or "75 %""#

  static let refusals = [
    // A bare number.
    Refusal(Bytes.self, "80", "\"80\" has no unit; \(sizes)"),
    Refusal(BytesPerSecond.self, "2039", "\"2039\" has no unit; \(bandwidths)"),
    Refusal(Seconds.self, "7.01", #""7.01" has no unit; write "1 ms" or "1 us""#),
    Refusal(Watts.self, "400", #""400" has no unit; write "1 W" or "1 mW""#),
    Refusal(Intensity.self, "153", #""153" has no unit; write "1 FLOP/B""#),
    Refusal(JoulesPerByte.self, "4", #""4" has no unit; write "1 pJ/B" or "1 nJ/B""#),
    Refusal(Joules.self, "4", #""4" has no unit; write "1 J" or "1 mJ""#),
    Refusal(SecondsPerByte.self, "4", #""4" has no unit; write "1 ns/B" or "1 ps/B""#),
    Refusal(Celsius.self, "4", #""4" has no unit; write "1 degC""#),
    // A unit of another kind.
    Refusal(Bytes.self, "80 GB/s", "\"GB/s\" is no unit of size; \(sizes)"),
    Refusal(BytesPerSecond.self, "80 GB", "\"GB\" is no unit of bandwidth; \(bandwidths)"),
    Refusal(
      FLOPsPerSecond.self, "312 TFLOP",
      #""TFLOP" is no unit of rate; write "1 GFLOP/s" or "1 TFLOP/s""#),
    Refusal(Ratio.self, "3 GB", "\"3 GB\" is no ratio; \(ratios)"),
    // Nearly a unit: bits, wrong capitals, a prefix that does not exist for the kind.
    Refusal(Bytes.self, "80 Gb", "\"Gb\" is no unit of size; \(sizes)"),
    Refusal(Bytes.self, "80 gB", "\"gB\" is no unit of size; \(sizes)"),
    Refusal(Bytes.self, "80 KB", "\"KB\" is no unit of size; \(sizes)"),
    Refusal(Bytes.self, "80 mB", "\"mB\" is no unit of size; \(sizes)"),
    Refusal(BytesPerSecond.self, "80 mB/s", "\"mB/s\" is no unit of bandwidth; \(bandwidths)"),
    Refusal(Bytes.self, "80 %", "\"%\" is no unit of size; \(sizes)"),
    Refusal(Hertz.self, "1 GiHz", #""GiHz" is no unit of frequency; write "1 GHz" or "1 THz""#),
    Refusal(
      TransfersPerSecond.self, "1 mT/s",
      #""mT/s" is no unit of data rate; write "1 GT/s" or "1 TT/s""#),
    Refusal(Celsius.self, "1 kdegC", #""kdegC" is no unit of temperature; write "1 degC""#),
    // Noise.
    Refusal(Bytes.self, "", "\"\" is no size; \(sizes)"),
    Refusal(Bytes.self, "GB", "\"GB\" is no size; \(sizes)"),
    Refusal(Bytes.self, " 80 GB", "\" 80 GB\" is no size; \(sizes)"),
    Refusal(Bytes.self, "80 GB ", "\"GB \" is no unit of size; \(sizes)"),
    Refusal(Bytes.self, "1,000 GB", "\",000 GB\" is no unit of size; \(sizes)"),
    Refusal(Bytes.self, "1 000 GB", "\"000 GB\" is no unit of size; \(sizes)"),
    Refusal(Bytes.self, "1.2.3 GB", "\"1.2.3 GB\" is no size; \(sizes)"),
    Refusal(Bytes.self, "--1 GB", "\"--1 GB\" is no size; \(sizes)"),
    Refusal(Bytes.self, "0x10 GB", "\"x10 GB\" is no unit of size; \(sizes)"),
    Refusal(Bytes.self, "nan GB", "\"nan GB\" is no size; \(sizes)"),
    Refusal(Bytes.self, "inf GB", "\"inf GB\" is no size; \(sizes)"),
    Refusal(Bytes.self, "1 E B", "\"E B\" is no unit of size; \(sizes)"),
    Refusal(Bytes.self, "\u{663} GB", "\"\u{663} GB\" is no size; \(sizes)"),
    Refusal(Ratio.self, "75 % of it", "\"75 % of it\" is no ratio; \(ratios)"),
    // Past what a number can hold, with and without the prefix.
    Refusal(Bytes.self, "1e400 B", "\"1e400 B\" is no size; \(sizes)"),
    Refusal(Bytes.self, "1e300 EB", "\"1e300 EB\" is no size; \(sizes)"),
    Refusal(Bytes.self, "1e308 GiB", "\"1e308 GiB\" is no size; \(sizes)"),
  ]

  @Test(arguments: refusals)
  func theMessageNamesTheTextAndTheRemedy(refusal: Refusal) throws {
    let error = try #require(Self.error(of: refusal.kind, refusal.text))
    #expect(error.description == refusal.message)
    #expect(error.description == "\(error.problem); \(error.remedy)")
  }

  /// Exponents past `Int`, or that leave it when the prefix is added, are read or refused without a trap.
  @Test func extremeExponentsDoNotTrap() throws {
    #expect(try Bytes(parsing: "1e-99999999999999999999 GB") == .zero)
    #expect(try Bytes(parsing: "0e9223372036854775807 GB") == .zero)
    #expect(try Seconds(parsing: "0e-9223372036854775808 fs") == .zero)
    #expect(throws: NotationError.self) { try Bytes(parsing: "1e9223372036854775807 GB") }
  }

  /// Every remedy is a text that its own kind accepts.
  @Test(arguments: Kinds.all)
  func everyRemedyParses(kind: Kind) throws {
    let examples = kind.type.notation.examples.split(separator: " or ").map {
      String($0.drop { $0 == "\"" }.prefix { $0 != "\"" })
    }
    #expect(!examples.isEmpty)
    for example in examples {
      #expect(Self.error(of: kind.type, example) == nil, "\(example)")
    }
  }

  private static func error(of kind: any Quantity.Type, _ text: String) -> NotationError? {
    do {
      _ = try kind.init(parsing: text)
      return nil
    } catch {
      return error
    }
  }
}
