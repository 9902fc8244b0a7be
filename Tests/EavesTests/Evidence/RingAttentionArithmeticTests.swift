import Eaves
import Testing

@Suite struct RingAttentionArithmeticTests {
  @Test(arguments: [(1.0, 1.0), (32.0, 8.0), (64.0, 1.0)])
  func theSmallestBlockComputesAsLongAsItSends(heads: Double, kvHeads: Double) {
    let ring = RingAttentionArithmetic(heads: heads, kvHeads: kvHeads)
    let (rate, link) = (312e12, 300e9)
    let block = ring.smallestBlock(rate: rate, link: link)
    func slack(_ block: Double) -> Double {
      ring.computeTime(block: block, headSize: 128, rate: rate)
        / ring.sendTime(block: block, headSize: 128, link: link)
    }
    #expect(abs(slack(block) - 1) < 1e-12)
    #expect(slack(block - 1) < 1 && slack(block + 1) > 1)
  }

  @Test func sixBlocksAreHeldWhereEveryHeadHasItsOwnKeys() {
    let ring = RingAttentionArithmetic(heads: 32, kvHeads: 32)
    #expect(ring.residentElements(batch: 2, block: 5, hidden: 7) == Double(6 * 2 * 5 * 7))
  }

  @Test func sharedKeysTakeTheirShareOfFourOfTheSixBlocks() {
    let ring = RingAttentionArithmetic(heads: 32, kvHeads: 8)
    #expect(ring.residentElements(batch: 1, block: 1, hidden: 1) == 3)
  }
}
