import EavesCatalog
import Testing

@Suite struct ObjectReaderTests {
  enum Shape: String, CaseIterable { case matrix, vector, scalar }

  @Test func readsEveryKindOfValue() throws {
    let root = try reader(
      """
      {"$schema": 0, "s": "text", "list": ["a", "b"], "n": 7, "ns": [1, 2], "d": 1.5, "t": true, "k": "vector",
       "ks": ["matrix"], "o": {"n": 1}, "os": [{"n": 2}, {"n": 3}], "m": {"x": {"n": 4}}}
      """)
    root.ignore("$schema")
    #expect(try root.string("s") == "text")
    #expect(try root.optionalString("absent") == nil)
    #expect(try root.strings("list") == ["a", "b"])
    #expect(try root.strings("absent").isEmpty)
    #expect(try root.optionalStrings("list") == ["a", "b"])
    #expect(try root.optionalStrings("absent") == nil)
    #expect(try root.integer("n", in: 1...10) == 7)
    #expect(try root.optionalInteger("absent", in: 1...10) == nil)
    #expect(try root.integers("ns", in: 1...10) == [1, 2])
    #expect(try root.double("d", in: 0...2) == 1.5)
    #expect(try root.optionalDouble("absent", in: 0...2) == nil)
    #expect(try root.boolean("t"))
    #expect(try root.boolean("absent", default: true))
    #expect(try root.choice("k", of: Shape.self) == .vector)
    #expect(try root.optionalChoice("absent", of: Shape.self) == nil)
    #expect(try root.choices("ks", of: Shape.self) == [.matrix])
    #expect(try root.object("o").integer("n", in: 1...1) == 1)
    #expect(try root.objects("os").map { try $0.integer("n", in: 1...9) } == [2, 3])
    let entries = try root.entries("m")
    #expect(entries.map(\.key) == ["x"])
    #expect(entries[0].object.path == "m.x")
    #expect(try entries[0].object.integer("n", in: 1...9) == 4)
    try root.finish()
  }

  @Test(arguments: [
    ("{}", "f.json:1:1: missing key \"n\"; add it with a whole number from 1 to 9"),
    ("{\"n\": 0}", "f.json:1:7: n: found the number 0; write a whole number from 1 to 9"),
    ("{\"n\": 1.5}", "f.json:1:7: n: found the number 1.5; write a whole number from 1 to 9"),
    (
      "{\"n\": 99999999999999999999}",
      "f.json:1:7: n: found the number 99999999999999999999; write a whole number from 1 to 9"
    ),
    ("{\"n\": \"5\"}", "f.json:1:7: n: found the string \"5\"; write a whole number from 1 to 9"),
    ("{\"n\": null}", "f.json:1:7: n: found null; write a whole number from 1 to 9"),
    ("{\"n\": [5]}", "f.json:1:7: n: found a list; write a whole number from 1 to 9"),
    ("{\"n\": {}}", "f.json:1:7: n: found an object; write a whole number from 1 to 9"),
    ("{\"n\": true}", "f.json:1:7: n: found true; write a whole number from 1 to 9"),
    ("{\"m\": 5}", "f.json:1:1: missing key \"n\"; add it with a whole number from 1 to 9"),
    ("[]", "f.json:1:1: found a list; write an object, { … }"),
  ])
  func refusesIntegers(text: String, with expected: String) {
    #expect(
      message { () throws(DataError) in _ = try reader(text).integer("n", in: 1...9) } == expected)
  }

  @Test func refusesDoublesThatAreNoNumber() {
    let expected = "f.json:1:7: d: found the number 1e999; write a number from 0.0 to 2.0"
    #expect(
      message { () throws(DataError) in _ = try reader("{\"d\": 1e999}").double("d", in: 0...2) }
        == expected)
  }

  @Test(arguments: [
    ("{\"s\": \"\"}", "f.json:1:7: s: found the string \"\"; write a string that is not empty"),
    ("{\"s\": 5}", "f.json:1:7: s: found the number 5; write a string that is not empty"),
    ("{}", "f.json:1:1: missing key \"s\"; add it with a string"),
  ])
  func refusesStrings(text: String, with expected: String) {
    #expect(message { () throws(DataError) in _ = try reader(text).string("s") } == expected)
  }

  @Test(arguments: [
    (
      "{\"k\": \"vectr\"}",
      "f.json:1:7: k: \"vectr\" is none of matrix, vector, scalar; did you mean \"vector\"?"
    ),
    (
      "{\"k\": \"tensor\"}",
      "f.json:1:7: k: \"tensor\" is none of matrix, vector, scalar; write one of them"
    ),
    ("{\"k\": 1}", "f.json:1:7: k: found the number 1; write one of matrix, vector, scalar"),
    ("{}", "f.json:1:1: missing key \"k\"; add it with one of matrix, vector, scalar"),
  ])
  func refusesChoices(text: String, with expected: String) {
    #expect(
      message { () throws(DataError) in _ = try reader(text).choice("k", of: Shape.self) }
        == expected)
  }

  @Test(arguments: [
    ("{\"o\": 1}", "f.json:1:7: o: found the number 1; write an object, { … }"),
    ("{\"os\": {}}", "f.json:1:8: os: found an object; write a list of objects, [ … ]"),
    ("{\"os\": [{}, 1]}", "f.json:1:13: os[1]: found the number 1; write an object, { … }"),
    ("{\"some\": []}", "f.json:1:10: some: the list is empty; write at least one object"),
    (
      "{\"m\": {\"2:4\": 1}}", "f.json:1:15: m[\"2:4\"]: found the number 1; write an object, { … }"
    ),
    ("{\"ss\": [1]}", "f.json:1:9: ss[0]: found the number 1; write a string that is not empty"),
    (
      "{\"t\": \"true\"}",
      "f.json:1:7: t: found the string \"true\"; write true or false, without quotes"
    ),
  ])
  func refusesOtherShapes(text: String, with expected: String) {
    let found = message { () throws(DataError) in
      let root = try reader(text)
      _ = try root.optionalObject("o")
      _ = try root.objects("os")
      if root.has("some") { _ = try root.someObjects("some") }
      _ = try root.entries("m")
      _ = try root.strings("ss")
      _ = try root.boolean("t", default: false)
    }
    #expect(found == expected)
  }

  @Test(arguments: [
    ("{\"bandwith\": 1}", "f.json:1:2: unknown key \"bandwith\"; did you mean \"bandwidth\"?"),
    (
      "{\"colour\": 1}",
      "f.json:1:2: unknown key \"colour\"; remove it; the keys here are bandwidth, parts"
    ),
    (
      "{\"parts\": [{},\n {\"latenzy\": 1}]}",
      "f.json:2:3: parts[1]: unknown key \"latenzy\"; did you mean \"latency\"?"
    ),
    (
      "{\"parts\": [{\"x\": 1}], \"y\": 1}",
      "f.json:1:23: unknown key \"y\"; remove it; the keys here are bandwidth, parts"
    ),
  ])
  func refusesUnknownKeys(text: String, with expected: String) {
    let found = message { () throws(DataError) in
      let root = try reader(text)
      _ = try root.optionalInteger("bandwidth", in: 0...9)
      for part in try root.objects("parts") { _ = try part.optionalInteger("latency", in: 0...9) }
      try root.finish()
    }
    #expect(found == expected)
  }

  @Test func saysOfAMissingKeyThatItIsMisspelt() {
    #expect(
      message { () throws(DataError) in
        _ = try reader("{\"bandwith\": 1}").integer("bandwidth", in: 0...9)
      } == "f.json:1:2: unknown key \"bandwith\"; did you mean \"bandwidth\"?")
  }

  @Test func takesNullForAbsentWhereToldTo() throws {
    let root = try reader("{\"n\": null, \"o\": {\"n\": null}}", nullIsAbsent: true)
    #expect(!root.has("n"))
    #expect(try root.optionalInteger("n", in: 0...9) == nil)
    #expect(try root.object("o").optionalString("n") == nil)
    try root.finish()
  }

  @Test func shortensLongValues() {
    let text = "{\"n\": \"" + String(repeating: "x", count: 1_000_000) + "\"}"
    let shown = String(repeating: "x", count: 60)
    #expect(
      message { () throws(DataError) in _ = try reader(text).integer("n", in: 1...9) }
        == "f.json:1:7: n: found the string \"\(shown)…\"; write a whole number from 1 to 9")
  }
}
