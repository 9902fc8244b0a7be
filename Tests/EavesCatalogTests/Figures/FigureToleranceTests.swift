import EavesCatalog
import Testing

@Suite struct FigureToleranceTests {
  private static let cases: [(FigureTolerance, Double, Double, Bool)] = [
    (FigureTolerance.exact, 100.0, 100.0, true), (.exact, 100.00000001, 100, true),
    (.exact, 100.000001, 100, false), (.exact, 0, 0, true), (.exact, 1e-12, 0, false),
    (.relative(0.1), 110, 100, true), (.relative(0.1), 90, 100, true),
    (.relative(0.1), 110.1, 100, false), (.relative(0.1), -90, -100, true),
    (.absolute(0.1), 93.4, 93.3, true), (.absolute(0.1), 93.41, 93.3, false),
    (.factor(2), 200, 100, true), (.factor(2), 50, 100, true), (.factor(2), 201, 100, false),
    (.factor(2), 49, 100, false), (.factor(2), -100, 100, false), (.reference, 7, 100, true),
    (.exact, .nan, 100, false), (.relative(1), .infinity, 100, false),
  ]

  @Test(arguments: cases)
  func holds(tolerance: FigureTolerance, ours: Double, published: Double, expected: Bool) {
    #expect(tolerance.holds(ours, for: published) == expected)
  }

  @Test func everyKindHasItsName() {
    let all: [FigureTolerance] = [
      .exact, .relative(1), .absolute(1), .factor(1), .reference,
    ]
    #expect(all.map(\.kind) == FigureTolerance.kinds)
    #expect(all.map { $0.amount != nil } == [false, true, true, true, false])
  }
}
