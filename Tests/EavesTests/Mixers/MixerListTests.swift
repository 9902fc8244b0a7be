import Testing

@testable import Eaves

/// One file a mixer and one line in the list.
@Suite struct MixerListTests {
  @Test func everyShapeOfTheFolderHasALine() throws {
    let declared =
      try Sources.types(conformingTo: "MixerShape", in: "Eaves/Mixers")
      + Sources.types(conformingTo: "ImageShape", in: "Eaves/Mixers")
    #expect(declared.count >= 5)
    #expect(Set(declared) == Set(MixerList.entries.map { "\($0)" }))
    #expect(Set(MixerList.names).count == MixerList.entries.count)
  }

  @Test func everyMixerSaysWhatItIs() {
    for technique in MixerList.techniques {
      #expect(technique.axis == .mixer && technique.form.hasPrefix(technique.name))
      #expect(!technique.summary.isEmpty && !technique.equation.isEmpty)
      #expect(!technique.source.isEmpty)
    }
  }
}
