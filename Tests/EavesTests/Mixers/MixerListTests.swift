import Testing

@testable import Eaves

/// That no mixer is missing from the list, and that names tell them apart.
@Suite struct MixerListTests {
  /// One file a mixer and one line in the list: a shape without a line fails here.
  @Test func everyShapeOfTheFolderHasAnEntry() throws {
    let declared = try Sources.types(conformingTo: "MixerShape", in: "Eaves/Mixers")
    #expect(!declared.isEmpty)
    #expect(Set(declared) == Set(MixerList.entries.map { "\($0)" }))
    #expect(Set(MixerList.names).count == MixerList.entries.count)
  }
}
