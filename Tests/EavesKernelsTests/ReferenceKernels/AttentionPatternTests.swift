import Eaves
import Quantities
import Testing

@testable import EavesKernels

@Suite struct AttentionPatternTests {
  /// A pattern that is added to the axis needs a kernel case.
  @Test func everyPatternIsExecuted() {
    let executed = Set(AttentionPatternCase.samples.map { $0.text.prefix { $0 != ":" } })
    #expect(Set(PatternList.names.map { Substring($0) }) == executed)
    for sample in AttentionPatternCase.samples {
      let name = PatternList.parse(sample.text)?.name ?? "no pattern"
      #expect(AttentionPatternCase.all.contains { $0.shape.hasSuffix(name) }, "\(sample.text)")
    }
  }

  /// Useful pairs are those of the runs, in any order of execution.
  @Test(arguments: AttentionPatternCase.all.indices)
  func pairsAreThoseOfTheRuns(index: Int) throws {
    let kernel = try #require(AttentionPatternCase.all[index] as? AttentionPatternCase)
    let operations = try kernel.operations
    let (_, counter) = try Counter.counting { () throws(KernelError) in
      try kernel.execute(in: Memory<Counted>(operations))
    }
    let heads = Double(kernel.setting.batch * kernel.setting.heads)
    #expect(Double(counter.pairs) == heads * kernel.setting.pattern.pairs(kernel.setting.step))
    #expect(
      operations[0].work.matrix.value == 4 * Double(counter.pairs * kernel.setting.headSize))
  }
}
