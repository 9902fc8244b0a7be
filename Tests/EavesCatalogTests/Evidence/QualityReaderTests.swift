import EavesCatalog
import Testing

/// Tables of published quality: what is read, and what is wrong in one line.
@Suite struct QualityReaderTests {
  private static let header =
    "id,axis,value,model,generation,result,metric,baseline,source,verified"

  private func read(_ rows: String..., header: String = header) throws(DataError) -> [QualityRecord]
  {
    let text = ([header] + rows).joined(separator: "\n") + "\n"
    return try QualityReader.read(Array(text.utf8), file: "q.csv")
  }

  @Test func readsWhatStandsThere() throws {
    let records = try read(
      "a,weights,q4_0,m,g,6.5,perplexity,false,T,true",
      header: Self.header)
    #expect(records.count == 1)
    #expect(records[0].result == 6.5)
    #expect(records[0].printed == "6.5")
    #expect(records[0].table.context == nil)
    #expect(records[0].bitsPerWeight == nil)
  }

  @Test(arguments: [
    ("a,wieghts,q4_0,m,g,6.5,perplexity,false,T,true", "\"wieghts\" is none of"),
    ("a,weights,q4_0,m,g,nan,perplexity,false,T,true", "\"nan\" is no number"),
    ("a,weights,q4_0,m,g,-1,perplexity,false,T,true", "\"-1\" is no number"),
    ("a,weights,q4_0,m,g,6.5,ppl,false,T,true", "\"ppl\" is none of perplexity"),
    ("a,weights,q4_0,m,g,6.5,perplexity,no,T,true", "\"no\" is none of true, false"),
    (",weights,q4_0,m,g,6.5,perplexity,false,T,true", "is empty"),
  ])
  func refuses(row: String, problem: String) {
    let found = message { () throws(DataError) in _ = try read(row) }
    #expect(
      found?.hasPrefix("q.csv:2:") == true && found?.contains(problem) == true, "\(found ?? "read")"
    )
  }

  @Test func idsAndBaselinesStandOnce() {
    let row = "a,weights,q4_0,m,g,6.5,perplexity,true,T,true"
    #expect(
      message { () throws(DataError) in _ = try read(row, row) }?.contains("stands twice") == true)
    let other = row.replacing("a,", with: "b,", maxReplacements: 1)
    #expect(
      message { () throws(DataError) in _ = try read(row, other) }?.contains("two baselines")
        == true)
  }
}
