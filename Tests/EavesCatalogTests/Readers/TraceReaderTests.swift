import Eaves
import Testing

@testable import EavesCatalog

/// Recorded traces of experts, and what is wrong with others.
@Suite struct TraceReaderTests {
  private func read(_ text: String) throws(DataError) -> ExpertTrace {
    try TraceReader.read(Array(text.utf8), file: "t.csv")
  }

  @Test func layersMayStandInAnyOrder() throws {
    let trace = try read("layer,token,experts\n1,0,3+0\n0,0,1+2\n0,1,2+7\n1,5,4+3\n")
    #expect(trace.layers == [[[1, 2], [2, 7]], [[3, 0], [4, 3]]])
    #expect(trace.largest == 7 && trace.perToken == 2)
  }

  @Test(arguments: [
    ("layer,token\n0,0\n", "t.csv:1:1: header: the column \"experts\" is missing"),
    ("layer,token,experts\n", "t.csv: has no tokens"),
    ("layer,token,experts\n0,0,1+1\n", "t.csv:2:5: experts: \"1+1\" are no different experts"),
    ("layer,token,experts\n0,0,\n", "t.csv:2:5: experts: \"\" are no different experts"),
    ("layer,token,experts\n0,0,-1\n", "t.csv:2:5: experts: \"-1\" are no different experts"),
    ("layer,token,experts\n0,0,99999\n", "t.csv:2:5: experts: \"99999\" are no different experts"),
    ("layer,token,experts\nx,0,1\n", "t.csv:2:1: layer: \"x\" is no number"),
    ("layer,token,experts\n0,1,1\n0,1,2\n", "t.csv:3:3: token: 1 stands after 1"),
    ("layer,token,experts\n0,1,1\n0,2,2+3\n", "t.csv:3:5: experts: \"2+3\" are 2"),
  ])
  func anythingElseIsRefused(text: String, start: String) {
    let said = message { () throws(DataError) in _ = try read(text) }
    #expect(said?.hasPrefix(start) == true, "\(said ?? "nothing")")
  }
}
