import Testing

@testable import Eaves

/// What the axes say of their members, all together.
@Suite struct TechniqueListTests {
  @Test func everyMemberOfEveryAxisIsListed() {
    let names = Dictionary(grouping: TechniqueList.techniques, by: \.axis)
      .mapValues { $0.map(\.name) }
    #expect(names[.pattern] == PatternList.names)
    #expect(names[.mixer] == MixerList.names)
    #expect(names[.cache] == CachePolicyList.techniques.map(\.name))
    #expect(names[.schedule] == Schedule.allCases.map(\.rawValue))
    #expect(names[.parallel] == Array(ParallelList.names.dropFirst()))
    #expect(names[.experts] == ExpertList.techniques.map(\.name))
    #expect(names[.decoding] == DecodingList.techniques.map(\.name))
    #expect(names[.sparsity] == SparsityList.techniques.map(\.name))
    #expect(names[.formats] == FormatTechniques.techniques.map(\.name))
    #expect(names[.shrinking] == ShrinkingTechniques.techniques.map(\.name))
    let forms = HeadSharing.forms.filter { $0 != "model" }
    #expect(Set(names[.attention] ?? []) == Set(forms.map { String($0.prefix(while: \.isLetter)) }))
  }

  @Test func aNameStandsOnceOnAnAxisAndAxesStandTogether() {
    let keys = TechniqueList.techniques.map { "\($0.axis.rawValue) \($0.name)" }
    #expect(Set(keys).count == keys.count)
    let axes = TechniqueList.techniques.map(\.axis)
    let changes = zip(axes, axes.dropFirst()).filter { $0 != $1 }.count
    #expect(changes == Set(axes).count - 1)
  }

  @Test func oneNameMayBeThatOfSeveral() {
    #expect(TechniqueList.techniques(named: "sinks").map(\.axis) == [.pattern, .cache])
    #expect(TechniqueList.techniques(named: "mha").count == 1)
    #expect(TechniqueList.techniques(named: "nonsense").isEmpty)
  }

  /// Names become names of files, and every text is one line.
  @Test(arguments: TechniqueList.techniques)
  func everyTechniqueIsDescribedOnLinesOfItsOwn(technique: Technique) {
    #expect(technique.name.wholeMatch(of: /[a-z0-9]+([-_][a-z0-9]+)*/) != nil)
    #expect(technique.guide == "docs/techniques/\(technique.name).md")
    #expect(technique.summary.hasSuffix("."))
    // Lists of conditions are joined by semicolons.
    #expect(!technique.conditions.contains { $0.contains("; ") })
    let texts = [technique.form, technique.summary, technique.equation, technique.source]
    for text in texts + technique.conditions {
      #expect(
        !text.isEmpty && !text.contains { $0.isNewline || $0 == "|" && text != technique.form })
    }
  }

  /// Schedules read as the option reads them.
  @Test(arguments: Schedule.allCases)
  func aScheduleIsWrittenAsItsForm(schedule: Schedule) throws {
    var settings = Settings()
    try settings.set(.schedule, to: schedule.technique.form)
    #expect(settings.schedule == schedule)
  }
}
