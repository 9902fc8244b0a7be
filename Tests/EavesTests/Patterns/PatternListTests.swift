import Testing

@testable import Eaves

/// The names of patterns, and that none is missing from the list.
@Suite struct PatternListTests {
  /// One file a pattern and one line in the list: a file without a line fails here.
  @Test func everyPatternOfTheFolderHasAnEntry() throws {
    let declared = try Sources.types(conformingTo: "Pattern", in: "Eaves/Patterns")
    let listed = PatternList.entries.compactMap { entry in
      (entry.make(nil) ?? entry.make("8")).map { "\(type(of: $0))" }
    }
    #expect(declared.count >= 3)
    #expect(Set(declared) == Set(listed))
    #expect(PatternList.entries.count == PatternList.forms.count)
    #expect(
      PatternList.entries.map(\.name)
        == PatternList.forms.map { String($0.prefix { $0 != ":" }) })
  }

  @Test(arguments: [
    ("causal", "causal"), ("bidirectional", "bidirectional"), ("window:1", "window:1"),
    ("window:4096", "window:4096"), ("window:4k", "window:4096"), ("window:1M", "window:1048576"),
  ])
  func aPatternIsReadAndItsNameReadsBack(text: String, name: String) throws {
    let pattern = try #require(PatternList.parse(text))
    #expect(pattern.name == name)
    #expect(try #require(PatternList.parse(pattern.name)).name == name)
  }

  @Test(arguments: [
    "", ":", "window", "window:", "window:0", "window:-1", "window:many", "window:1:2", "causal:",
    "causal:1", ":causal", "Causal", " causal", "dense",
  ])
  func anythingElseIsNoPattern(text: String) {
    #expect(PatternList.parse(text) == nil)
  }
}
