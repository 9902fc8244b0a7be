import EavesCatalog
import Testing

/// What becomes of a figure, row by row.
@Suite struct FigureVerdictTests {
  private func check(_ row: String) throws -> FigureResult {
    let text =
      "id,published,unit,expression,tolerance_kind,tolerance,kind,corrected,note\n\(row)\n"
    let figures = try FigureReader.read(Array(text.utf8), file: "f.csv")
    let figure = try #require(figures.first)
    return try FigureEvaluator(Resolver(), columns: FigureEvaluatorTests.columns).check(figure)
  }

  private static let rows: [(String, FigureVerdict)] = [
    ("a,32,,layers{model=llama-2-7b},exact,,,,", FigureVerdict.reproduced),
    ("a,33,,layers{model=llama-2-7b},exact,,,,", .failed),
    ("a,32.1,,layers{model=llama-2-7b},exact,,,,", .failed),
    ("a,32.1,,layers{model=llama-2-7b},relative,0.1,,,", .reproduced),
    ("a,33,,layers{model=llama-2-7b},relative,0.1,,,", .withinTolerance),
    ("a,40,,layers{model=llama-2-7b},relative,0.1,,,", .failed),
    // Half of the last digit printed.
    ("a,0.3,,layers{model=llama-2-7b} / 100,relative,0.1,,,", .reproduced),
    ("a,0.30,,layers{model=llama-2-7b} / 100,relative,0.1,,,", .withinTolerance),
    ("a,20,,layers{model=llama-2-7b},factor,2,,,", .withinTolerance),
    ("a,20,,layers{model=llama-2-7b},factor,1.5,,,", .failed),
    ("a,20,,layers{model=llama-2-7b},absolute,12,,,", .withinTolerance),
    ("a,20,,,reference,,,,", .referenceOnly),
    ("a,20,,layers{model=llama-2-7b},reference,,,,", .referenceOnly),
    ("a,64,,layers{model=llama-2-7b},exact,,inconsistent,32,", .inconsistentSource),
    ("a,64,,layers{model=llama-2-7b},exact,,inconsistent,33,", .failed),
    // The source is consistent after all.
    ("a,32,,layers{model=llama-2-7b},exact,,inconsistent,32,", .failed),
    ("a,32,,,exact,,pending,,", .notYetComputable),
    ("a,32,,layers{model=not-yet},exact,,pending,,", .notYetComputable),
    // What can be computed is held.
    ("a,32,,layers{model=llama-2-7b},exact,,pending,,", .reproduced),
    ("a,33,,layers{model=llama-2-7b},exact,,pending,,", .failed),
    ("a,5,,\"latency_s{model=llama-3.1-405b, chip=rpi-5}\",factor,2,,,", .failed),
    ("a,5,,1 / state_bytes{model=llama-2-7b},factor,2,,,", .failed),
  ]

  @Test(arguments: rows)
  func aVerdictFollowsFromTheValueAndTheTolerance(row: String, verdict: FigureVerdict) throws {
    #expect(try check(row).verdict == verdict)
  }

  @Test func aFigureWithoutAValueSaysWhy() throws {
    let result = try check("a,5,,\"latency_s{model=llama-3.1-405b, chip=rpi-5}\",factor,2,,,n")
    #expect(result.ours == nil && result.errorRatio == nil)
    #expect(result.note.hasPrefix("latency_s has no value (does not fit"), "\(result.note)")
  }

  @Test func theErrorIsOursOverPublished() throws {
    #expect(try check("a,64,,layers{model=llama-2-7b},factor,2,,,").errorRatio == -0.5)
    #expect(try check("a,0,,state_bytes{model=llama-2-7b},exact,,,,").errorRatio == nil)
  }

  private static let faults: [(String, DataError.Kind, String)] = [
    ("a,32,,layers{model=not-yet},exact,,,,", DataError.Kind.notFound, "f.csv:2:7: expression: "),
    ("a,32,,\"2 * layers{model=x, y=1}\",exact,,,,", .badData, "f.csv:2:28: expression: "),
    ("a,7,,6 + 1 + 0 * layers{model=llama-2-7b},exact,,,,", .badData, "f.csv:2:6: expression: "),
  ]

  /// A name in a figure that is held is an error of the file, with its place.
  @Test(arguments: faults)
  func whatIsHeldMustExistAndMustCount(row: String, kind: DataError.Kind, start: String) {
    do {
      _ = try check(row)
      Issue.record("\(row) was judged")
    } catch let error as DataError {
      #expect(error.kind == kind && error.description.hasPrefix(start), "\(error)")
    } catch {
      Issue.record("\(error)")
    }
  }
}
