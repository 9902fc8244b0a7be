import EavesCatalog
import Testing

@Suite struct CSVParserTests {
  private func parse(_ text: String) throws(DataError) -> [[CSVField]] {
    try CSVParser.parse(Array(text.utf8), file: "f.csv")
  }

  @Test(arguments: [
    ("", []), ("a,b\n", [["a", "b"]]), ("a,b", [["a", "b"]]), ("a\r\nb\r\n", [["a"], ["b"]]),
    ("a,\n,b\n", [["a", ""], ["", "b"]]), ("\n\n", [[""], [""]]),
    ("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"d"]]), ("\"\",\"\"\"\"\n", [["", "\""]]),
    ("\"a\nb\",c\n", [["a\nb", "c"]]), ("\"a\r\nb\"\r\nc", [["a\r\nb"], ["c"]]),
    ("é,😀\n", [["é", "😀"]]), (" a , b \n", [[" a ", " b "]]),
  ])
  func reads(text: String, fields: [[String]]) throws {
    #expect(try parse(text).map { $0.map(\.text) } == fields)
  }

  @Test(arguments: [
    (
      "a,b\"c\n",
      "f.csv:1:4: a double quote inside a field without quotes; put the field in double quotes "
        + "and write each quote in it twice"
    ),
    ("\"a\"b\n", "f.csv:1:4: text after a closing quote; write a quote inside a field twice"),
    (
      "a\nb,\"c\nd",
      "f.csv:2:3: a field in quotes that does not end; close it with a double quote"
    ),
    (
      "é,a\u{0}\n", "f.csv:1:4: a control character; remove it; lines end with a line feed"
    ),
    ("a\rb\n", "f.csv:1:2: a control character; remove it; lines end with a line feed"),
    ("\u{FEFF}a\n", "f.csv:1:1: a byte-order mark; save the file as UTF-8 without one"),
  ])
  func refuses(text: String, expected: String) {
    #expect(message { () throws(DataError) in _ = try parse(text) } == expected)
  }

  @Test func refusesWhatIsNoUTF8AndWhatIsTooLarge() {
    let noise: [UInt8] = [0x61, 0xFF, 0x0A]
    #expect(
      message { () throws(DataError) in _ = try CSVParser.parse(noise, file: "f.csv") }
        == "f.csv: text that is not UTF-8; save the file as UTF-8")
    let large = [UInt8](repeating: 0x61, count: CSVParser.largestSize + 1)
    let said = message { () throws(DataError) in _ = try CSVParser.parse(large, file: "f.csv") }
    #expect(said == "f.csv: has 16777217 bytes; at most 16777216 are read")
  }

  @Test func knowsWhereFieldsStand() throws {
    let records = try parse("é,\"b\"\n\"x\ny\",z\n")
    #expect(records[0][1].position == TextPosition(line: 1, column: 4))
    #expect(records[0][1].position(ofScalarAt: 2) == TextPosition(line: 1, column: 6))
    #expect(records[1][1].position == TextPosition(line: 3, column: 4))
    // A text over two lines: only its beginning is known.
    #expect(records[1][0].position(ofScalarAt: 2) == TextPosition(line: 2, column: 2))
  }
}
