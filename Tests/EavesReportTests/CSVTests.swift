import Quantities
import Testing

@testable import EavesReport

@Suite struct CSVTests {
  @Test func document() {
    let rows = [
      Sample(), Sample(batch: 2, latency: Seconds(0.1), cache: nil, fits: false, note: "slow"),
    ]
    #expect(
      OutputFormat.csv.text(rows) == """
        chip,batch,latency_s,kv_cache_bytes,fits,note
        orin-nano,1,0.0885,1073741824,true,
        orin-nano,2,0.1,,false,slow

        """)
  }

  @Test func noRowsIsTheHeaderAlone() {
    #expect(OutputFormat.csv.text([]) == "chip,batch,latency_s,kv_cache_bytes,fits,note\n")
  }

  @Test(arguments: [
    ("plain", "plain"), ("", ""), (" a b ", " a b "), ("a,b", "\"a,b\""),
    ("say \"x\"", "\"say \"\"x\"\"\""), ("a\nb", "\"a\nb\""), ("a\r", "\"a\r\""),
    ("µ · é", "µ · é"), ("\"", "\"\"\"\""),
  ])
  func quoting(_ text: String, _ field: String) {
    let column = Column<Sample>.text("note", \.note)
    #expect(OutputFormat.csv.text([Sample(note: text)], [column]) == "note\n\(field)\n")
  }

  @Test func namesAreQuotedToo() {
    let column = Column<Sample>.text("a,b", \.note)
    #expect(OutputFormat.csv.text([], [column]) == "\"a,b\"\n")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func notFiniteIsMissing(_ value: Double) {
    let column = Column<Sample>.quantity("latency", \.latency)
    let rows = [Sample(latency: Seconds(1)), Sample(latency: Seconds(value))]
    #expect(OutputFormat.csv.text(rows, [column]) == "latency_s\n1\n\n")
  }
}
