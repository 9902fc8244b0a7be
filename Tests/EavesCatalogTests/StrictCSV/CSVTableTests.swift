import EavesCatalog
import Testing

@Suite struct CSVTableTests {
  private func table(_ text: String) throws(DataError) -> CSVTable {
    try CSVTable(
      parsing: Array(text.utf8), file: "f.csv", required: ["id", "value"], optional: ["note"])
  }

  @Test func readsColumnsInAnyOrder() throws {
    let rows = try table("value,id\n1,a\n2,b\n").rows
    #expect(rows.map { $0.text("id") } == ["a", "b"])
    #expect(rows.map { $0.text("value") } == ["1", "2"])
    #expect(rows[0]["note"] == nil && rows[0].text("note").isEmpty)
    #expect(try table("id,value\n").rows.isEmpty)
  }

  @Test(arguments: [
    ("", "f.csv: is empty; write a header line with id,value"),
    (
      "id,valu\n",
      "f.csv:1:4: header: there is no column \"valu\"; did you mean \"value\"?"
    ),
    (
      "id,xyzzy\n",
      "f.csv:1:4: header: there is no column \"xyzzy\"; the columns are id, value, note"
    ),
    ("id,value,id\n", "f.csv:1:10: header: the column \"id\" stands twice; remove one"),
    (
      "id,note\n",
      "f.csv:1:1: header: the column \"value\" is missing; the columns id, value must be there"
    ),
    (
      "id,value\na,1,2\n",
      "f.csv:2:1: has 3 fields, the header 2; put a field with commas in double quotes, and "
        + "remove empty lines"
    ),
    (
      "id,value\na,1\n\n",
      "f.csv:3:1: has 1 field, the header 2; put a field with commas in double quotes, and "
        + "remove empty lines"
    ),
  ])
  func refuses(text: String, expected: String) {
    #expect(message { () throws(DataError) in _ = try table(text) } == expected)
  }

  @Test func anErrorOfARowNamesLineColumnAndValue() throws {
    let row = try table("id,value\na,x\n").rows[0]
    #expect(
      row.error("value", "\"x\" is no number", remedy: "write one").description
        == "f.csv:2:3: value: \"x\" is no number; write one")
  }
}
