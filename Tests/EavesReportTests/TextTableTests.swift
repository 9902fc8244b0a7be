import Quantities
import Testing

@testable import EavesReport

@Suite struct TextTableTests {
  @Test func columnsAreLinedUp() {
    let rows = [
      Sample(), Sample(chip: "a", batch: 1024, latency: Seconds(2), cache: nil, fits: false),
    ]
    #expect(
      OutputFormat.table.text(rows, Array(Sample.columns.dropLast())) == """
        chip       batch  latency_s  kv_cache_bytes  fits
        orin-nano      1    88.5 ms         1.07 GB  yes
        a          1,024     2.00 s               -  no

        """)
  }

  @Test func lastColumnHasNoTrailingSpaces() {
    let columns = [Sample.columns[1], Sample.columns[0]]
    #expect(
      OutputFormat.table.text([Sample(chip: "a"), Sample(chip: "abcdef")], columns) == """
        batch  chip
            1  a
            1  abcdef

        """)
  }

  @Test func nothingToShow() {
    #expect(OutputFormat.table.text([], [Sample.columns[0]]) == "chip\n")
    #expect(OutputFormat.table.text([Sample()], []) == "")
  }

  @Test func controlCharactersBecomeSpaces() {
    #expect(printable("a\u{1B}[1m\tb\u{9B}é") == "a [1m b é")
  }
}
