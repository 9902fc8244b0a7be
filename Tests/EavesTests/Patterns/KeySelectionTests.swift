import Eaves
import Testing

/// What choosing keys costs, against its formulas written out (docs/method.md 1).
@Suite struct KeySelectionTests {
  private let decode = Step.decode(context: 8192)
  private let prefill = Step.prefill(8192)

  private func selection(_ text: String, _ step: Step) throws -> KeySelection? {
    try #require(PatternList.parse(text)).selection(step, heads: 32, kvHeads: 8, headSize: 128)
  }

  @Test func staticPatternsChooseNothing() throws {
    for entry in PatternList.entries {
      let isChosen = try selection(entry.example, prefill) != nil
      #expect(isChosen == ["topk", "quest", "minference", "nsa", "dsa"].contains(entry.name))
    }
  }

  @Test func topKScoresAllPairs() throws {
    let one = try #require(try selection("topk:2048", decode))
    #expect(one.multiplyAdds == 32 * 128 * 8193)
    #expect(one.vector == 32 * 8193)
    #expect(one.indexElementsRead == 8192 * 8 * 128)
    #expect(one.indexElementsPerToken == 0)
    #expect(one.precision == nil && one.indexBytesPerElement == nil)
    let all = try #require(try selection("topk:2048", prefill))
    #expect(all.multiplyAdds == 32 * 128 * (8192 * 8193 / 2))
    #expect(all.indexElementsRead == 0)
    #expect(try selection("topk:16k", prefill) == KeySelection())
  }

  /// 2·H·d_q·(n / P) FLOPs, twice; 2·(n / P)·G·d_q elements (techniques: pooled keys in pairs).
  @Test func questScoresPages() throws {
    let one = try #require(try selection("quest:2048:page=16", decode))
    #expect(2 * one.multiplyAdds == 2 * (2 * 32 * 128 * 512))
    #expect(one.indexElementsRead == 2 * 512 * 8 * 128)
    #expect(one.indexElementsPerToken == 2 * 8 * 128 / 16)
    #expect(one.vector == 2 * 8 * 128 + 32 * 512)
    // Nothing to choose: short contexts, and prefill, which only builds the index.
    for step in [Step.decode(context: 2047), prefill] {
      let none = try #require(try selection("quest:2048:page=16", step))
      #expect(none.multiplyAdds == 0 && none.indexElementsRead == 0)
      #expect(none.vector == 2 * Double(step.newTokens) * 8 * 128)
      #expect(none.indexElementsPerToken == 128)
    }
  }

  @Test func mInferenceScoresBlocks() throws {
    let all = try #require(try selection("minference:2048:block=64", prefill))
    let triangle = { (rows: Double) in rows * (rows + 1) / 2 }
    #expect(all.multiplyAdds == 4096 * triangle(128))
    #expect(all.vector == 8192 * 40 * 128 + 32 * triangle(128))
    let chunk = Step(newTokens: 4096, cachedTokens: 4096, logitTokens: 1, batch: 1)
    let rest = try #require(try selection("minference:2048:block=64", chunk))
    #expect(rest.multiplyAdds == 4096 * (triangle(128) - triangle(64)))
    #expect(rest.indexElementsRead == 64 * 8 * 128)
    #expect(rest.indexElementsPerToken == 16)
    #expect(try selection("minference:2048:block=64", decode) == KeySelection())
    #expect(try selection("minference:8k:block=64", prefill) == KeySelection())
  }

  /// 64 heads of 128 in FP8 over all causal pairs; 128 B and a 4 B scale a token.
  @Test func dsaIndexesEveryPair() throws {
    let all = try #require(try selection("dsa:2048", prefill))
    #expect(all.multiplyAdds == 64 * 128 * (8192 * 8193 / 2))
    #expect(all.precision == .f8)
    #expect(all.vector == 193 * (8192 * 8193 / 2))
    let one = try #require(try selection("dsa:2048", decode))
    #expect(one.multiplyAdds == 64 * 128 * 8193)
    #expect(one.indexElementsRead == 8192 * 128)
    #expect(try #require(one.indexBytesPerElement) * one.indexElementsPerToken == 132)
  }

  @Test func nsaScoresWithItsCompressedKeys() throws {
    let one = try #require(try selection("nsa", decode))
    #expect(one.multiplyAdds == 0)
    #expect(one.vector == 2 * 32 * 512)
    #expect(one.indexElementsPerToken == 2 * 8 * 128 / 16)
  }
}
