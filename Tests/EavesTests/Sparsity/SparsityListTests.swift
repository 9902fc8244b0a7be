import Testing

@testable import Eaves

/// The names of kinds of sparsity, and that none is missing from the list.
@Suite struct SparsityListTests {
  @Test func everyKindOfTheFolderHasALine() throws {
    let declared = try Sources.types(conformingTo: "Sparsity", in: "Eaves/Sparsity")
    let listed = SparsityList.entries.compactMap { entry in
      Self.examples.lazy.filter { $0.hasPrefix(entry.word) }.compactMap(SparsityList.parse).first
    }.map { "\(type(of: $0))" }
    #expect(listed.count == SparsityList.entries.count)
    #expect(declared.count >= 8 && Set(declared) == Set(listed + ["JoinedSparsity"]))
    #expect(SparsityList.techniques.allSatisfy { $0.axis == .sparsity && !$0.source.isEmpty })
  }

  static let examples = [
    "dense", "unstructured:0.5", "unstructured:0.9:csr", "unstructured:0.5:bitmap", "2:4",
    "heads:0.5", "heads:0.25:spread", "neurons:0.5", "layers:0.25", "activations:0.9",
    "activations:0.95:gate", "activations:0.9:predictor=1024", "neurons:0.5+2:4",
    "heads:0.25+activations:0.9+unstructured:0.5:bitmap",
  ]

  @Test(arguments: examples)
  func aNameReadsBack(text: String) throws {
    #expect(try #require(SparsityList.parse(text)).name == text)
    var settings = Settings()
    try settings.set(.sparsity, to: text)
    #expect(settings.sparsity.name == text)
  }

  @Test(arguments: [
    "", "sparse", "dense:1", "unstructured", "unstructured:0", "unstructured:1",
    "unstructured:1.5", "unstructured:-0.5", "unstructured:nan", "unstructured:0x1p-1",
    "unstructured:0.5:zeros", "unstructured:0.5:coo", "unstructured:0.5:csr:bitmap", "2:3", "2",
    "2:4:8", "4:8", "heads", "heads:2", "heads:0.5:groups", "layers:all", "neurons:0.5:2",
    "activations:0.9:gate:predictor=8", "activations:0.9:predictor=0", "activations:0.9:predictor",
    "dense+2:4", "2:4+2:4", "heads:0.5+", "+2:4", "heads:0.5+heads:0.25",
  ])
  func anythingElseIsNone(text: String) {
    #expect(SparsityList.parse(text) == nil)
    var settings = Settings()
    #expect(throws: OptionError.self) { try settings.set(.sparsity, to: text) }
  }
}
