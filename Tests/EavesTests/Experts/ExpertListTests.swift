import Testing

@testable import Eaves

/// The texts of `--experts`, and that none is missing from the list.
@Suite struct ExpertListTests {
  @Test func everyEntryOfTheFolderHasALine() throws {
    let declared = try Sources.files(in: "Eaves/Experts").reduce(0) { count, file in
      count + file.text.matches(of: /static let \w+ = ExpertEntry\(/).count
    }
    #expect(declared == ExpertList.entries.count)
    for entry in ExpertList.entries {
      #expect(ExpertList.parse(entry.example) != nil)
      #expect(entry.technique.axis == .experts && !entry.technique.source.isEmpty)
    }
  }

  @Test(arguments: [
    "resident", "resident:zipf=1.0", "resident:trace=./a.csv", "offload", "offload:all",
    "offload:to=flash", "offload:prefetch=0.8", "lru:4", "lru:4:zipf=1.0",
    "lru:4:trace=./a.csv", "lru:4:zipf=0.5:to=flash:prefetch=0.5", "offload:all:to=flash",
  ])
  func aNameReadsBack(text: String) throws {
    #expect(try #require(ExpertList.parse(text)).name == text)
  }

  @Test func uniformIsWhatIsSaidByNothing() {
    #expect(ExpertList.parse("lru:4:uniform") == ExpertList.parse("lru:4"))
    #expect(ExpertList.parse("resident") == ExpertChoice() && ExpertChoice().isPlain)
  }

  @Test(arguments: [
    "", "lru", "lru:0", "lru:-1", "lru:x", "lru:4:4", "lru:4:zipf=-1", "lru:4:zipf=nan",
    "lru:4:zipf=1:uniform", "lru:4:zipf=1:trace=a", "lru:4:to=moon", "lru:4:prefetch=0",
    "lru:4:prefetch=1.5", "resident:to=flash", "resident:prefetch=0.5", "offload:none",
    "offload:all:zipf=1", "cache:4", "lru:4:zipf=99",
  ])
  func anythingElseIsNone(text: String) {
    #expect(ExpertList.parse(text) == nil)
  }
}
