import Testing

@testable import EavesKernels

@Suite struct DecimalTests {
  @Test(arguments: [
    (103.7, "103.7"), (0.6, "0.6"), (1234.56, "1235"), (0.012345, "0.01235"), (9.9999, "10"),
    (0, "0"), (1, "1"), (3.70001, "3.7"), (99.996, "100"),
  ])
  func fourDigitsAndNoExponent(value: Double, text: String) { #expect(Decimal.text(value) == text) }

  @Test(arguments: [(1.037e11, "103.7 GFLOP/s"), (2.5e6, "2.5 MFLOP/s"), (12, "12 FLOP/s")])
  func rates(value: Double, text: String) { #expect(Decimal.rate(value, "FLOP/s") == text) }

  @Test(arguments: [
    (3.7e-9, "3.7 ns"), (4.2e-5, "42 us"), (0.02, "20 ms"), (2, "2 s"), (2e-10, "0.2 ns"),
  ])
  func times(value: Double, text: String) { #expect(Decimal.time(value) == text) }

  @Test(arguments: [
    (32 << 10, "32 KiB"), (24_684_096 << 10, "24684096 KiB"), (1000, "1000 B"), (0, "0 B"),
  ])
  func bytesAreExact(count: Int, text: String) { #expect(Decimal.bytes(count) == text) }

  @Test func textIsEscaped() {
    #expect(JSONText.quoted("a\"b\\c\n\t\r\u{1}é") == #""a\"b\\c\n\t\r\u0001é""#)
  }

  @Test func documentsAreIndented() {
    let document = JSONText.object([
      ("a", .array([.integer(1), .boolean(true)])), ("b", .object([])),
    ])
    #expect(document.text() == "{\n  \"a\": [\n    1,\n    true\n  ],\n  \"b\": {}\n}")
  }
}
