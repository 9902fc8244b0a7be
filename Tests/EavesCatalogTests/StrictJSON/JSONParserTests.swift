import EavesCatalog
import Testing

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws(DataError) -> JSONNode {
    try JSONParser.parse(Array(text.utf8), file: "f.json")
  }

  @Test(arguments: [
    ("null", "null"), (" true ", "true"), ("false", "false"), ("0", "0"),
    ("-0.50E+07", "-0.50E+07"),
    ("123456789012345678901234567890", "123456789012345678901234567890"), ("\"a\"", "\"a\""),
    ("\"\\u00e9\\ud83d\\ude00\\n\\/\"", "\"é😀\n/\""), ("\"é😀\"", "\"é😀\""), ("[]", "[]"),
    ("\r\n\t[1, [2], {}]\n", "[1,[2],{}]"), ("{\"b\": 1, \"a\": [null]}", "{\"b\":1,\"a\":[null]}"),
  ])
  func reads(text: String, written: String) throws {
    #expect(try parse(text).plain == written)
  }

  @Test(arguments: [
    ("", "f.json: is empty; write a JSON object, { … }"),
    (" \n ", "f.json: is empty; write a JSON object, { … }"),
    (
      "{\"a\": 1, }",
      "f.json:1:8: a comma before \"}\"; remove it, or write a key in double quotes after it"
    ),
    ("[1,\n 2,\n]", "f.json:2:3: a comma before \"]\"; remove it, or write a value after it"),
    ("[1 2]", "f.json:1:4: \"2\" where a comma or \"]\" must stand"),
    ("[1", "f.json:1:3: the file ends where a comma or \"]\" must stand"),
    ("[", "f.json:1:2: the file ends where a value must stand"),
    ("[,1]", "f.json:1:2: \",\" where a value must stand"),
    ("{\"a\" 1}", "f.json:1:6: \"1\" after the key \"a\"; write a colon and a value"),
    ("{\"a\": }", "f.json:1:7: \"}\" where a value must stand"),
    ("{a: 1}", "f.json:1:2: \"a\" where a key must stand; write the key in double quotes"),
    (
      "{\"a\": 1,\n \"b\": 2,\n \"a\": 3}",
      "f.json:3:2: the key \"a\" stands on line 1 and again on line 3; remove one of them"
    ),
    ("{} {}", "f.json:1:4: \"{\" after the end of the value; remove it"),
    ("{}\n// end", "f.json:2:1: a comment (JSON has none) after the end of the value; remove it"),
    (
      "{ /* a */ }",
      "f.json:1:3: a comment (JSON has none) where a key must stand; write the key in double quotes"
    ),
    ("[1, # a\n 2]", "f.json:1:5: a comment (JSON has none) where a value must stand"),
    ("'a'", "f.json:1:1: \"'\" where a value must stand; strings stand in double quotes"),
    ("abc", "f.json:1:1: abc where a value must stand; strings stand in double quotes"),
    ("True", "f.json:1:1: True where a value must stand; write it in small letters"),
    ("None", "f.json:1:1: None where a value must stand; leave the key out"),
    (
      "[NaN]",
      "f.json:1:2: NaN where a value must stand; write a finite number, or leave the key out"
    ),
    (
      "Infinity",
      "f.json:1:1: Infinity where a value must stand; write a finite number, or leave the key out"
    ),
    ("-Infinity", "f.json:1:2: an infinity; write a finite number"),
    ("01", "f.json:1:2: a number with a leading zero; remove the zero"),
    ("+1", "f.json:1:1: \"+\" where a value must stand; write the number without the plus sign"),
    (".5", "f.json:1:1: \".\" where a value must stand; write a digit before the point"),
    ("1.", "f.json:1:3: the file ends after 1., where a digit must stand"),
    ("1.5e]", "f.json:1:5: \"]\" after 1.5e, where a digit must stand"),
    ("0x10", "f.json:1:2: \"x\" after the end of the value; remove it"),
    ("\"a", "f.json:1:1: a string that does not end; close it with a double quote"),
    (
      "\"a\nb\"",
      "f.json:1:3: a line break inside a string; write it as \\n, or close the string with a double quote"
    ),
    (
      "\"a\u{1}\"",
      "f.json:1:3: a control character inside a string; write it as \\u0001, or close the string with a double quote"
    ),
    (
      "\"é\t\"",
      "f.json:1:3: a control character inside a string; write it as \\t, or close the string with a double quote"
    ),
    ("\"\\x\"", "f.json:1:2: an unknown escape in a string; write \\\\ for a backslash"),
    (
      "\"\\u12\"",
      "f.json:1:2: an incomplete escape in a string; write \\u and four hexadecimal digits"
    ),
    ("\"\\ud800\"", "f.json:1:2: half of a surrogate pair in a string; write the character itself"),
    (
      "\"\\udc00\\ud800\"",
      "f.json:1:2: half of a surrogate pair in a string; write the character itself"
    ),
    (
      "\"\\ud800\\u0041\"",
      "f.json:1:2: half of a surrogate pair in a string; write the character itself"
    ),
    ("\"\\", "f.json:1:3: the file ends inside a string"),
    ("\u{FEFF}{}", "f.json:1:1: a byte-order mark; save the file as UTF-8 without one"),
    ("[\u{1B}]", "f.json:1:2: \"\\u{1b}\" where a value must stand"),
    ("[\"é\", x]", "f.json:1:7: x where a value must stand; strings stand in double quotes"),
  ])
  func refuses(text: String, with expected: String) {
    #expect(message { () throws(DataError) in _ = try parse(text) } == expected)
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22],  // no lead byte
      [0x22, 0xC0, 0xAF, 0x22],  // overlong
      [0x22, 0xE0, 0x80, 0x80, 0x22],  // overlong
      [0x22, 0xED, 0xA0, 0x80, 0x22],  // surrogate
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],  // beyond U+10FFFF
      [0x22, 0xE2, 0x82],  // cut off
      [0x22, 0xC3, 0x22],  // no continuation byte
    ] as [[UInt8]])
  func refusesWhatIsNotUTF8(bytes: [UInt8]) {
    #expect(
      message { () throws(DataError) in _ = try JSONParser.parse(bytes, file: "f.json") }
        == "f.json:1:2: bytes that are not UTF-8; save the file as UTF-8")
  }

  @Test(
    arguments: [[0xFF, 0xFE, 0x7B, 0], [0xFE, 0xFF, 0, 0x7B], [0x7B, 0, 0x7D, 0]] as [[UInt8]])
  func refusesUTF16(bytes: [UInt8]) {
    #expect(
      message { () throws(DataError) in _ = try JSONParser.parse(bytes, file: "f.json") }
        == "f.json:1:1: text that is not UTF-8 (UTF-16?); save the file as UTF-8")
  }

  @Test func limitsDepth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try parse(nested(64)).plain == nested(64))
    let expected = "f.json:1:65: more than 64 lists and objects in each other"
    #expect(message { () throws(DataError) in _ = try parse(nested(65)) } == expected)
    // Neither the stack nor the patience of the reader ends before the limit does.
    let deep = String(repeating: "{\"a\":[", count: 1_000_000)
    #expect(message { () throws(DataError) in _ = try parse(deep) } != nil)
  }

  @Test func limitsSizeAndValues() {
    let large = [UInt8](repeating: 0x20, count: JSONParser.largestSize + 1)
    #expect(
      message { () throws(DataError) in _ = try JSONParser.parse(large, file: "f.json") }
        == "f.json: has 16777217 bytes; at most 16777216 are read")
    let many = "[" + String(repeating: "0,", count: JSONParser.mostValues) + "0]"
    #expect(
      message { () throws(DataError) in _ = try parse(many) }
        == "f.json:1:2000000: more than 1000000 values; split the file")
  }

  @Test func knowsWhereEveryValueStands() throws {
    let node = try parse("{\"é\": [1,\n  {\"b\": 2}]}")
    guard case .object(let members) = node.value, case .array(let list) = members[0].node.value,
      case .object(let inner) = list[1].value
    else {
      Issue.record("another shape")
      return
    }
    #expect(members[0].keyPosition == TextPosition(line: 1, column: 2))
    #expect(list[0].position == TextPosition(line: 1, column: 8))
    #expect(list[1].position == TextPosition(line: 2, column: 3))
    #expect(inner[0].node.position == TextPosition(line: 2, column: 9))
  }
}

extension JSONNode {
  /// The value written without spaces and escapes.
  fileprivate var plain: String {
    switch value {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .number(let text): text
    case .string(let text): "\"\(text)\""
    case .array(let nodes): "[\(nodes.map(\.plain).joined(separator: ","))]"
    case .object(let members):
      "{\(members.map { "\"\($0.key)\":\($0.node.plain)" }.joined(separator: ","))}"
    }
  }
}
