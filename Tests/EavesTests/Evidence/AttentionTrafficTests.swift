import Eaves
import Testing

/// Traffic of attention against the loads and stores of the algorithms, one by one.
@Suite struct AttentionTrafficTests {
  /// Algorithm 1: what its loops load and store, rows of Q one at a time.
  private func algorithm1(tokens: Int, headSize: Int, block: Int) -> Int {
    var moved = 0
    for start in stride(from: 0, to: tokens, by: block) {
      let keys = min(block, tokens - start)
      moved += 2 * keys * headSize  // K and V
      for _ in 0..<tokens {
        moved += headSize + headSize + 2  // Q, O, l, m
        moved += headSize + 2  // O, l, m
      }
    }
    return moved
  }

  @Test(arguments: [(64, 16, 16), (100, 8, 33), (128, 64, 128), (7, 4, 2)])
  func tiledAttentionMovesWhatTheLoopsOfAlgorithm1Move(tokens: Int, headSize: Int, block: Int) {
    let traffic = AttentionTraffic(tokens: Double(tokens), headSize: Double(headSize))
    let blocks = (tokens + block - 1) / block
    #expect(
      traffic.tiled(keyBlocks: Double(blocks))
        == Double(algorithm1(tokens: tokens, headSize: headSize, block: block)))
  }

  @Test(arguments: [(98304.0, 3.0), (16384, 16), (1e9, 1), (256, 1024)])
  func blocksOfKeysFillAQuarterOfTheBuffer(elements: Double, blocks: Double) {
    #expect(AttentionTraffic(tokens: 1024, headSize: 64).keyBlocks(buffer: elements) == blocks)
  }

  @Test func materialisedAttentionReadsAndWritesTheMatrixTwice() {
    let traffic = AttentionTraffic(tokens: 10, headSize: 3)
    // Q, K read; S written, read; P written, read; V read; O written.
    #expect(traffic.materialised == Double(4 * 10 * 3 + 4 * 10 * 10))
  }

  @Test func anEagerFrameworkPassesTwentyTimesOverTheMatrix() {
    #expect(AttentionTraffic.EagerPass.allCases.reduce(0) { $0 + $1.moves } == 20)
    let traffic = AttentionTraffic(tokens: 8, headSize: 2)
    #expect(traffic.eagerTraining == Double(20 * 64 + 12 * 16))
  }

  /// The shape of FlashAttention, figure 2, in 16 bits by tile width.
  @Test(arguments: [(64.0, 18.19), (128, 9.50), (256, 5.15), (512, 2.98)])
  func trainingInTilesMovesLessTheWiderTheyAre(block: Double, gigabytes: Double) {
    let traffic = AttentionTraffic(tokens: 1024, headSize: 64)
    let bytes = 16 * 64 * 2 * traffic.tiledTraining(keyBlocks: 1024 / block)
    #expect(abs(bytes / 1e9 - gigabytes) < 0.01)
  }
}
