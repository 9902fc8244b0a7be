import EavesCatalog
import Testing

@Suite struct ExpressionParserTests {
  /// The value with every quantity standing for the length of its name.
  private func value(_ text: String) throws -> Double {
    try ExpressionParser.parse(text).evaluated { Double($0.name.count) }
  }

  private static let sums: [(String, Double)] = [
    ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9), ("8 / 4 / 2", 1), ("8 - 4 - 2", 2),
    ("2 * 3 - 4 / 8", 5.5), ("-2 * -3", 6), ("- (1 + 1)", -2), ("--1", 1),
    ("1.5e-1", 0.15), ("2E+2", 200), ("abc{} * 2", 6), ("ab{x=1}/abcd{y=2,z=3}", 0.5),
    ("round(2.345, 2)", 2.35), ("round(-2.5, 0)", -3), ("round(ab{} / 3, 3) + 1", 1.667),
    ("  7  ", 7),
  ]

  @Test(arguments: sums)
  func productsComeBeforeSumsAndEqualsFromLeftToRight(text: String, expected: Double) throws {
    #expect(abs(try value(text) - expected) < 1e-12)
  }

  @Test func termsKeepTheirOptionsAndTheirPlaces() throws {
    let expression = try ExpressionParser.parse(
      "2 * a_b{ weights = int4/128+f16+z4 , cache=lru:4:zipf=1.0,power-mode=30 W }")
    let term = try #require(expression.terms.first)
    #expect(term.name == "a_b" && term.offset == 4)
    #expect(term.options.map(\.name) == ["weights", "cache", "power-mode"])
    #expect(term.options.map(\.value) == ["int4/128+f16+z4", "lru:4:zipf=1.0", "30 W"])
    #expect(term.options.map(\.offset) == [9, 37, 58])
  }

  @Test func numbersAreThoseOutsideAndInsideOfBraces() throws {
    let expression = try ExpressionParser.parse("-3 * round(a{x=4, y=f16}, 2) / 5")
    #expect(expression.numbers == [3, 4, 5])
  }

  private static let faults: [(String, Int, String)] = [
    ("", 0, "the expression ends"), ("1 +", 3, "the expression ends"),
    ("1 2", 2, "\"2\" does not belong here"), ("(1", 2, "the end where \")\" is wanted"),
    ("1)", 1, "\")\" does not belong here"), ("abc", 0, "\"abc\" has no options"),
    ("1 + sin(2)", 4, "there is no function \"sin\""), (".5", 0, "\".\" begins nothing"),
    ("*2", 0, "\"*\" begins nothing"),
    ("a{x}", 3, "\"}\" where \"=\" is wanted"), ("a{x=}", 4, "\"x\" has no value"),
    ("a{x=1", 5, "the end where \",\" is wanted"), ("a{x=1,}", 6, "\"}\" is no option"),
    ("a{x=1,x=2}", 6, "\"x\" is given twice"), ("a{=1}", 2, "\"=\" is no option"),
    ("a{x={}", 4, "\"x\" has no value"), ("1.2.3", 0, "\"1.2.3\" is no number"),
    ("1e999", 0, "\"1e999\" is no number"), ("2e", 0, "\"2e\" is no number"),
    ("round(1)", 7, "\")\" where \",\" is wanted"),
    ("round(1, x)", 9, "\"\" is no number of decimals"),
    ("round(1, 13)", 9, "\"13\" is no number of decimals"),
    ("1 + é", 4, "\"é\" begins nothing"), ("1 ^ 2", 2, "\"^\" does not belong here"),
  ]

  @Test(arguments: faults)
  func whatDoesNotBelongIsNamedWithItsPlace(text: String, offset: Int, problem: String) {
    do {
      _ = try ExpressionParser.parse(text)
      Issue.record("\(text) was read")
    } catch {
      #expect(error.offset == offset && error.problem == problem, "\(text): \(error)")
      #expect(!error.remedy.isEmpty)
    }
  }

  @Test(arguments: [
    String(repeating: "(", count: 500), String(repeating: "-", count: 500),
    String(repeating: "1+", count: 501), String(repeating: "(", count: 900) + "1",
  ])
  func depthAndLengthAreLimited(text: String) {
    #expect(throws: ExpressionError.self) { try ExpressionParser.parse(text) }
  }

  @Test func theLongestSumIsRead() throws {
    let text = String(repeating: "1+", count: 499) + "1"
    #expect(try value(text) == 500)
  }

  @Test func aDivisionByZeroIsNotFinite() throws {
    #expect(try value("1 / 0") == .infinity)
  }
}
