import Quantities
import Testing

@testable import EavesReport

@Suite struct RowWriterTests {
  /// Rows of which some cells change, some stay and some come and go.
  private func rows(_ count: Int, seed: UInt64) -> [Sample] {
    var generator = SplitMix(state: seed)
    return (0..<count).map { _ in
      Sample(
        chip: ["a", "b,c", "a chip with a name that needs the heap", "é", "e\u{301}"]
          .randomElement(using: &generator) ?? "",
        batch: Int.random(in: -1...2, using: &generator),
        latency: [nil, Seconds(0), Seconds(-0.0), Seconds(0.1), Seconds(.nan), Seconds(1e9)]
          .randomElement(using: &generator) ?? nil,
        cache: [nil, Bytes(1), Bytes(0x1p60)].randomElement(using: &generator) ?? nil,
        fits: [nil, true, false].randomElement(using: &generator) ?? nil,
        note: [nil, "", "x"].randomElement(using: &generator) ?? nil)
    }
  }

  @Test(arguments: OutputFormat.allCases)
  func streamingEqualsTheDocument(_ format: OutputFormat) {
    let rows = rows(300, seed: 3)
    var streamed: [UInt8] = []
    var buffer = ByteBuffer(capacity: 64)
    var writer = RowWriter(format, columns: Sample.columns)
    writer.begin(into: &buffer)
    for row in rows {
      writer.row(row, into: &buffer)
      streamed += buffer.array
      buffer.removeAll()
    }
    writer.end(into: &buffer)
    streamed += buffer.array
    #expect(streamed == Array(format.text(rows).utf8))
  }

  @Test(arguments: [OutputFormat.csv, .json, .ndjson, .markdown])
  func unchangedCellsAreAsIfFormattedAnew(_ format: OutputFormat) {
    for seed in 10..<20 as Range<UInt64> {
      let rows = rows(100, seed: seed)
      var reused = ByteBuffer()
      var anew = ByteBuffer()
      var writer = RowWriter(format, columns: Sample.columns)
      for row in rows {
        writer.row(row, into: &reused)
        var first = RowWriter(format, columns: Sample.columns)
        first.row(row, into: &anew)
      }
      // As bytes: two texts of the same letters are equal as `String`.
      let (bytes, expected) = (reused.array, anew.array)
      #expect(bytes == expected)
    }
  }

  @Test func alternatingValues() {
    let columns = [Sample.columns[0], Sample.columns[1], Sample.columns[2]]
    let rows = (0..<4).map { index in
      Sample(
        chip: index % 2 == 0 ? "a" : "longer", batch: index / 2,
        latency: index == 2 ? nil : Seconds(0.5))
    }
    #expect(
      OutputFormat.csv.text(rows, columns)
        == "chip,batch,latency_s\na,0,0.5\nlonger,0,0.5\na,1,\nlonger,1,0.5\n")
  }

  @Test(arguments: 0...20)
  func columnsKeepTheirOrder(_ count: Int) {
    let columns = (0..<count).map { index in
      Column<Int>.integer("c\(index)") { (row: borrowing Int) in 100 * row + index }
    }
    let header = (0..<count).map { "c\($0)" }.joined(separator: ",")
    let line = (0..<count).map { "\(700 + $0)" }.joined(separator: ",")
    let text = OutputFormat.csv.document(of: [7], columns: columns).text
    #expect(text == "\(header)\n\(line)\n")
  }

  @Test func columnsReadAnyCell() {
    let column = Column<Int>(name: "c") { row in row == 0 ? .text("a") : .number(Double(row)) }
    let text = OutputFormat.csv.document(of: [0, 1, 1, 0], columns: [column]).text
    #expect(text == "c\na\n1\n1\na\n")
  }

  @Test func workersShareADocument() {
    var buffer = ByteBuffer()
    var first = RowWriter(.json, columns: [Sample.columns[1]])
    var second = RowWriter(.json, columns: [Sample.columns[1]])
    first.begin(into: &buffer)
    first.row(Sample(batch: 1), into: &buffer)
    second.row(Sample(batch: 2), into: &buffer)
    first.end(into: &buffer)
    let text = buffer.text
    let rows = [Sample(batch: 1), Sample(batch: 2)]
    #expect(text == OutputFormat.json.text(rows, [Sample.columns[1]]))
  }
}
