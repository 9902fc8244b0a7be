import Testing

@testable import Eaves

/// The names of patterns, and that none is missing from the list.
@Suite struct PatternListTests {
  /// One file a pattern and one word in the list: a file without a word fails here.
  @Test func everyPatternOfTheFolderHasAnEntry() throws {
    let declared = try Sources.types(conformingTo: "Pattern", in: "Eaves/Patterns")
    let listed = try PatternList.entries.map { entry in
      "\(type(of: try #require(PatternList.parse(entry.example), "\(entry.example)")))"
    }
    #expect(declared.count >= 16)
    #expect(declared.sorted() == listed.sorted())
  }

  @Test func entriesSayWhatTheyAre() throws {
    for entry in PatternList.entries {
      let technique = entry.technique
      #expect(technique.axis == .pattern)
      #expect(technique.form.hasPrefix(technique.name))
      #expect(PatternList.form(of: entry.name) == technique.form)
      for text in [technique.summary, technique.equation, technique.source] {
        #expect(text.count > 10, "\(entry.name)")
      }
      #expect(technique.summary.hasSuffix("."))
      #expect(technique.conditions.allSatisfy { $0.hasSuffix(".") })
      let pattern = try #require(PatternList.parse(entry.example))
      #expect(pattern.isCausal != technique.conditions.contains(PatternEntry.bidirectionalOnly))
    }
    #expect(Set(PatternList.entries.map(\.name)).count == PatternList.entries.count)
    #expect(PatternList.form(of: "dense") == nil)
  }

  @Test(arguments: [
    ("causal", "causal"), ("bidirectional", "bidirectional"), ("window:1", "window:1"),
    ("window:4096", "window:4096"), ("window:4k", "window:4096"), ("window:1M", "window:1048576"),
    ("local:1k", "local:1024"), ("dilated:512:gap=4", "dilated:512:gap=4"),
    ("strided:128", "strided:128"), ("fixed:128", "fixed:128"), ("fixed:128:c=1", "fixed:128"),
    ("fixed:1k:c=8", "fixed:1024:c=8"), ("longformer:512", "longformer:512:global=1"),
    ("longformer:512:global=16", "longformer:512:global=16"),
    ("bigbird:64", "bigbird:64:window=3:random=3:global=2"),
    ("bigbird:64:global=4:window=5", "bigbird:64:window=5:random=3:global=4"),
    ("block-sparse:64:density=0.25", "block-sparse:64:density=0.25"),
    ("block-sparse:64:density=1", "block-sparse:64:density=1.0"),
    ("block-sparse:64:density=0.00001", "block-sparse:64:density=1e-05"),
    ("sinks:4+1020", "sinks:4+1020"), ("sinks:4+4k", "sinks:4+4096"), ("topk:2k", "topk:2048"),
    ("quest:4k:page=16", "quest:4096:page=16"),
    ("minference:4k:block=64", "minference:4096:block=64"),
    ("nsa", "nsa:stride=16:select=16x64:window=512"),
    ("nsa:window=1k:select=8x32", "nsa:stride=16:select=8x32:window=1024"),
    ("dsa:2048", "dsa:2048"), ("dsa:2k:heads=64:dims=128", "dsa:2048"),
    ("dsa:1k:dims=64", "dsa:1024:dims=64"), ("dsa:1k:heads=8", "dsa:1024:heads=8"),
  ])
  func aPatternIsReadAndItsNameReadsBack(text: String, name: String) throws {
    let pattern = try #require(PatternList.parse(text))
    #expect(pattern.name == name)
    #expect(try #require(PatternList.parse(pattern.name)).name == name)
  }

  @Test(arguments: [
    "", ":", "window", "window:", "window:0", "window:-1", "window:many", "window:1:2", "causal:",
    "causal:1", ":causal", "Causal", " causal", "dense", "window:4:gap=1", "local", "local:0",
    "dilated:4", "dilated:4:gap=0", "dilated:gap=4", "dilated:4:gap=2:gap=3", "dilated:4:gap",
    "dilated:4:gap=", "dilated:4:Gap=2", "strided", "strided:0", "fixed:8:c=0", "fixed:8:c=9",
    "fixed:8:d=1", "longformer:511", "longformer:512:global=0", "longformer", "bigbird",
    "bigbird:64:window=2", "bigbird:64:global=3", "bigbird:64:random=0", "block-sparse:64",
    "block-sparse:64:density=0", "block-sparse:64:density=1.5", "block-sparse:64:density=half",
    "block-sparse:64:density=nan", "block-sparse:64:density=-0.5", "sinks:4", "sinks:4+",
    "sinks:0+8",
    "sinks:4+8+2", "topk", "topk:0", "quest:64", "quest:65:page=16", "quest:64:page=0",
    "minference:64", "minference:65:block=16", "nsa:16", "nsa:select=16", "nsa:select=16x0",
    "nsa:stride=0", "dsa", "dsa:0", "dsa:2048:heads=0", "dsa:2048:head=64",
  ])
  func anythingElseIsNoPattern(text: String) {
    #expect(PatternList.parse(text) == nil)
  }

  /// The two full patterns and those that choose on models trained without them.
  @Test func whatMustBeTrainedIn() throws {
    let without = try PatternList.entries.filter {
      try !#require(PatternList.parse($0.example)).isTrainedIn
    }
    #expect(
      Set(without.map(\.name))
        == ["causal", "bidirectional", "sinks", "topk", "quest", "minference"])
  }

  @Test(
    arguments: [
      ("causal", nil), ("bidirectional", nil), ("window:8", nil), ("local:8", nil),
      ("dilated:8:gap=4", 1), ("dilated:8:gap=1", nil), ("strided:8", 1), ("fixed:8:c=2", 2),
      ("fixed:8:c=8", nil), ("longformer:8", nil), ("bigbird:64", 64),
      ("block-sparse:32:density=0.5", 32), ("block-sparse:32:density=1", nil), ("sinks:4+8", nil),
      ("topk:8", 1), ("quest:64:page=16", 16), ("minference:64:block=32", 32), ("nsa", 64),
      ("dsa:8", 1),
    ] as [(String, Int?)])
  func gathersHaveAGranularity(text: String, run: Int?) throws {
    #expect(try #require(PatternList.parse(text)).gatherRun == run)
  }
}
