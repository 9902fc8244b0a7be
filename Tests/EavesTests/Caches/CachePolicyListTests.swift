import Testing

@testable import Eaves

/// The names of cache policies, and that none is missing from the list.
@Suite struct CachePolicyListTests {
  /// A policy that a configuration cannot name is dead code: `RollingCache` is named `rolling`.
  @Test func everyPolicyOfTheFolderCanBeNamed() throws {
    let declared = try Sources.types(conformingTo: "CachePolicy", in: "Eaves/Caches")
    #expect(declared.count >= 13)
    let names = declared.map { $0.lowercased().replacing("cache", with: "") }
    #expect(Set(names) == Set(CachePolicyList.techniques.map(\.name)))
    #expect(names.count == CachePolicyList.entries.count)
  }

  /// An example of each is made by the type of that name, and the type's own name is the choice's.
  @Test(arguments: CachePolicyList.examples)
  func anExampleMakesItsPolicy(text: String) throws {
    let choice = try CacheChoice.parsed(text)
    #expect(choice.name == text)
    let windowed = text == "rolling"
    let policy = choice.policy(
      CacheSite(pattern: windowed ? SlidingWindow(8) : Causal(), layer: 0, layers: 1))
    #expect(policy.name == choice.name)
    let type = "\(type(of: policy))".lowercased()
    #expect(type == "\(text.prefix { $0 != ":" })cache")
  }

  @Test(arguments: [
    ("sinks:4+1020", "sinks:4+1020"), ("sinks:4+4k", "sinks:4+4096"),
    ("h2o:512+512", "h2o:512+512"), ("h2o:0.2", "h2o:0.2"), ("h2o:0.20", "h2o:0.2"),
    ("h2o:0.0625", "h2o:0.0625"), ("h2o:1", "h2o:1"), ("h2o:1.0", "h2o:1"),
    ("scissorhands:2k", "scissorhands:2048"), ("tova:1k", "tova:1024"),
    ("snapkv:1k+64", "snapkv:1024+64"), ("snapkv:1k+64:prompt=32k", "snapkv:1024+64:prompt=32768"),
    ("snapkv:prompt=32k:1k+64", "snapkv:1024+64:prompt=32768"), ("pyramidkv:65", "pyramidkv:65"),
    ("pyramidkv:1k:prompt=8k", "pyramidkv:1024:prompt=8192"), ("kivi:2", "kivi:2"),
    ("kivi:4", "kivi:4"), ("paged", "paged:16"), ("paged:256", "paged:256"),
    ("contiguous:8k", "contiguous:8192"), ("prefix:1k:group=8", "prefix:1024:group=8"),
    ("offload:4k", "offload:4096"), ("offload:4k:to=host", "offload:4096"),
    ("offload:4k:to=flash", "offload:4096:to=flash"),
  ])
  func aPolicyIsReadAndItsNameReadsBack(text: String, name: String) throws {
    let choice = try CacheChoice.parsed(text)
    #expect(choice.name == name)
    #expect(try CacheChoice.parsed(choice.name) == choice)
  }

  @Test(arguments: [
    "", ":", "magic", "Full", "full:", "full:1", "rolling:8", "rolling:w=8", "sinks", "sinks:4",
    "sinks:0+8", "sinks:4+0", "sinks:4+8+1", "sinks:4-8", "sinks:4+8:1", "sinks:4+8:w=1",
    "sinks:+8", "h2o", "h2o:", "h2o:0", "h2o:0.0", "h2o:1.1", "h2o:2", "h2o:.2", "h2o:0.",
    "h2o:0.00001", "h2o:-0.2", "h2o:1e-1", "h2o:512", "h2o:512+", "h2o:0.2:0.2", "scissorhands",
    "scissorhands:0", "scissorhands:1:2", "tova:many", "tova:-1", "tova:1073741825", "snapkv:1024",
    "snapkv:1024+0", "snapkv:1024+64:prompt=0", "snapkv:1024+64:prompt=", "snapkv:1024+64:n=8",
    "snapkv:1024+64:prompt=8:prompt=8", "pyramidkv", "pyramidkv:64", "pyramidkv:1024+64",
    "pyramidkv:1024:prompt=x", "kivi", "kivi:3", "kivi:8", "kivi:2:4", "paged:0", "paged:16:16",
    "contiguous", "contiguous:0", "prefix:1024", "prefix:group=8", "prefix:1024:group=0",
    "prefix:1024:8", "offload", "offload:0", "offload:4096:flash", "offload:4096:to=moon",
  ])
  func anythingElseIsNoCache(text: String) {
    #expect(CachePolicyList.parse(text) == nil)
  }

  /// Spoiled texts are refused or mean a policy that can be written down and asked about any number of tokens.
  @Test(arguments: 0..<13)
  func spoiledTextsAreReadOrRefused(example: Int) throws {
    let text = CachePolicyList.examples[example]
    var random = SplitMix64(seed: UInt64(example))
    let pieces = [
      ":", "+", "=", "1", "0", "9", "k", "M", ".", "prompt=8", "group=3", "-", "é", " ",
    ]
    var (read, refused) = (0, 0)
    for _ in 0..<500 {
      var characters = Array(text)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0...characters.count, using: &random)
        if Bool.random(using: &random), place < characters.count { characters.remove(at: place) }
        characters.insert(
          contentsOf: pieces.randomElement(using: &random) ?? "", at: min(place, characters.count))
      }
      guard let choice = CachePolicyList.parse(String(characters)) else {
        refused += 1
        continue
      }
      read += 1
      #expect(CachePolicyList.parse(choice.name) == choice, "\(String(characters))")
      for tokens in [0, 1, 1 << 20, 1 << 40] {
        let policy = choice.causal(layer: 3, layers: 7)
        #expect(policy.retained(tokens) <= tokens)
        #expect((0...tokens).contains(policy.readable(tokens)))
        #expect((0...policy.retained(tokens)).contains(policy.remote(tokens)))
        #expect(policy.allocated(tokens) >= 0 && policy.allocated(tokens).isFinite)
      }
    }
    #expect(refused > 50, "\(text): \(read) read")
    #expect(read > 0 || !text.contains(":"), "\(text): \(refused) refused")
  }

  /// A refused text is answered with the form of the policy that it begins with, where it begins with one.
  @Test func aRefusalSaysWhatToWrite() throws {
    #expect(CachePolicyList.forms(like: "sinks:4") == ["sinks:SINKS+WINDOW"])
    #expect(CachePolicyList.forms(like: "magic:4") == CachePolicyList.forms)
    var settings = Settings()
    #expect(
      throws: OptionError(
        .cache, problem: "\"kivi:3\" is no cache", remedy: "write kivi:2|4")
    ) { try settings.set(.cache, to: "kivi:3") }
  }

  @Test func everyTechniqueIsDescribed() {
    for technique in CachePolicyList.techniques {
      #expect(technique.axis == .cache)
      #expect(technique.form.hasPrefix(technique.name))
      #expect(technique.summary.hasSuffix("."))
      #expect(!technique.equation.isEmpty && !technique.source.isEmpty)
      #expect(technique.conditions.allSatisfy { $0.hasSuffix(".") }, "\(technique.name)")
    }
  }
}
