import EavesCatalog
import Testing

@testable import Eaves

/// The words of the mixers, and that none is missing from the list.
@Suite struct MixerListTests {
  /// One file a mixer and one line in the list: a file without a line fails here.
  @Test func everyMixerOfTheFolderHasAnEntry() throws {
    let declared =
      try Sources.types(conformingTo: "MixerShape", in: "Eaves/Mixers")
      + Sources.types(conformingTo: "ImageShape", in: "Eaves/Mixers")
    let listed = MixerList.entries.map { "\($0)" }
    #expect(declared.count >= 16)
    #expect(Set(declared) == Set(listed))
    #expect(Set(MixerList.names).count == listed.count)
  }

  /// What a mixer says of itself is complete.
  @Test(arguments: MixerList.techniques.map(\.name))
  func techniquesAreDescribed(name: String) throws {
    let technique = try #require(MixerList.techniques.first { $0.name == name })
    #expect(technique.axis == .mixer && technique.form.contains(name))
    for text in [technique.summary, technique.equation, technique.source] {
      #expect(!text.isEmpty)
    }
    #expect(technique.conditions.allSatisfy { !$0.isEmpty })
  }

  @Test func aKindThatIsNoneIsNone() throws {
    let fields = try ObjectReader(parsing: Array("{}".utf8), file: "m.json")
    #expect(try MixerList.read("attention", from: fields) == nil)
  }
}
