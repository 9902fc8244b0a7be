import Eaves
import Testing

/// Closed forms of MLA against the FLOPs and elements that they summarise.
@Suite struct LatentAttentionArithmeticTests {
  private let published = LatentAttentionArithmetic(
    latent: 512, rotary: 64, headSize: 128, valueHeadSize: 128)

  /// Pairs of `tokens` new tokens after `cached`, causal.
  private func pairs(_ tokens: Int, after cached: Int) -> Double {
    Double((1...tokens).reduce(0) { $0 + cached + $1 })
  }

  private func absorbingIsCheaper(_ tokens: Int, after cached: Int) -> Bool {
    let pairs = pairs(tokens, after: cached)
    return published.absorbedFLOPs(tokens: Double(tokens), pairs: pairs)
      < published.expandedFLOPs(tokens: Double(tokens), cached: Double(cached), pairs: pairs)
  }

  /// The largest passes for which absorbing costs less, by trying all.
  @Test(arguments: [(0, 0), (128, 116), (1024, 158), (4096, 167), (32768, 170)])
  func absorbingCostsLessUpToTheCrossover(cached: Int, largest: Int) {
    let found = (1...200).last { absorbingIsCheaper($0, after: cached) } ?? 0
    #expect(found == largest)
  }

  @Test func theCrossoverIsTheLimitOfALongCache() throws {
    let limit = try #require(published.crossoverTokens)
    #expect(abs(limit - 512.0 / 3) < 1e-9)
    let found = (1...200).last { absorbingIsCheaper($0, after: 100_000_000) }
    #expect(found == Int(limit))
  }

  @Test func absorbingNeverCostsMoreWhereTheLatentIsNarrow() {
    let narrow = LatentAttentionArithmetic(
      latent: 64, rotary: 64, headSize: 128, valueHeadSize: 128)
    #expect(narrow.crossoverTokens == nil)
  }

  @Test(arguments: [(128.0, 241.8), (16.0, 30.2)])
  func theIntensityOfDecodeIsFLOPsOfACachedTokenOverItsBytes(heads: Double, printed: Double) {
    let flops = heads * (published.absorbedFLOPs(tokens: 0, pairs: 1))
    let intensity = published.decodeIntensity(heads: heads, elementBytes: 2)
    #expect(abs(intensity - flops / (published.cacheElements * 2)) < 1e-12)
    #expect((intensity * 10).rounded() / 10 == printed)
  }

  @Test func itCachesAsMuchAsTwoAndAQuarterKeyValueHeads() {
    #expect(published.cacheElements == 576 && published.equivalentGroups == 2.25)
  }
}
