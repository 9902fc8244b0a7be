import Testing

@testable import Eaves

/// The kinds of mixers, and that none is missing from the list.
@Suite struct MixerListTests {
  /// One file a mixer and one line in the list: a shape without a line fails here.
  @Test func everyShapeOfTheFolderHasAnEntry() throws {
    let declared = try Sources.types(conformingTo: "MixerShape", in: "Eaves/Mixers")
    #expect(Set(declared) == Set(MixerList.entries.map { "\($0)" }))
    #expect(Set(MixerList.names).count == MixerList.entries.count)
  }

  @Test func everyMixerIsDescribed() {
    for technique in MixerList.techniques {
      #expect(technique.axis == .mixer && technique.form.contains("\"\(technique.name)\""))
      #expect(![technique.summary, technique.equation, technique.source].contains(""))
    }
  }
}
