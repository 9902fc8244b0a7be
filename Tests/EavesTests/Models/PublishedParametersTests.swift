import Eaves
import Quantities
import Testing

/// Published sizes (published figures), in billions, within the tolerance that stands there.
@Suite struct PublishedParametersTests {
  @Test(arguments: [
    ("mixtral-8x7b", 46.70, 12.88, 0.001), ("qwen3-30b-a3b", 30.53, 3.35, 0.02),
    ("gpt-oss-120b", 116.83, 5.71, 0.005),
  ])
  func totalAndActiveWithBothEmbeddings(
    model: String, total: Double, active: Double, tolerance: Double
  ) throws {
    let inventory = try Shipped.sixteenBit(model).inventory
    #expect(abs(inventory.parameters / 1e9 / total - 1) < tolerance)
    #expect(abs(inventory.active / 1e9 / active - 1) < tolerance)
  }

  /// gpt-oss publishes 5.13 B active, without the input embedding.
  @Test func gptOssCountsWithoutItsInputEmbedding() throws {
    let inventory = try Shipped.sixteenBit("gpt-oss-120b").inventory
    #expect((inventory.activeWithoutInputEmbedding / 1e7).rounded() == 513)
  }

  /// TinyBERT-4 14.35 M and BERT-base 109.48 M, a factor of 7.63 (TinyBERT, Table 1).
  @Test func tinyBertIsSevenTimesSmallerThanBert() throws {
    let small = try Shipped.sixteenBit("tinybert-4-312").inventory.parameters
    let large = try Shipped.sixteenBit("bert-base").inventory.parameters
    #expect((small / 1e4).rounded() == 1435)
    #expect((large / 1e4).rounded() == 10948)
    #expect((100 * large / small).rounded() == 763)
  }

  /// TinyBERT-4 1.247 and BERT-base 22.35 GFLOP on 128 tokens (the paper prints 1.2 and
  /// 22.5).
  @Test(arguments: [("tinybert-4-312", 1.247), ("bert-base", 22.35)])
  func floatingPointWorkOfAnEncoder(model: String, gigaflops: Double) throws {
    let operations = try Shipped.sixteenBit(model).operations(.encode(128))
    let linear = operations.sum([.qkv, .attentionOutput, .gateUp, .down, .attention]) {
      $0.work.matrix.value
    }
    #expect(abs(linear / 1e9 / gigaflops - 1) < 0.001)
  }
}
