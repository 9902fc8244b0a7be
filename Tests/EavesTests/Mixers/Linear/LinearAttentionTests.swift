import Quantities
import Testing

@testable import Eaves

/// Linear attention and Performer in encoders, against loops over tokens and heads.
@Suite struct LinearAttentionTests {
  private static let fields = "\"heads\": 12, \"head_size\": 64, \"features\": 128"

  private func linear() throws -> MixerFixture {
    try MixerFixture("linear_attention", Self.fields, hidden: 768, model: .encoder)
  }

  /// Softmax attention of the same heads.
  private func softmax(_ fixture: MixerFixture, _ step: Step) -> Double {
    var buffer = OperationBuffer()
    let shape = Block.Attention(heads: 12, kvHeads: 12, headSize: 64)
    SoftmaxAttention(shape, fixture.place).emit(step, into: &buffer)
    return buffer.operations.sum([.attention]) { $0.work.matrix.value }
  }

  /// KᵀV and Q(KV) of every token and head, and 3·f + d_v lane operations.
  @Test(arguments: [1, 100])
  func sumsOverAllTokens(tokens: Int) throws {
    var (flops, lanes) = (0, 0)
    for _ in 0..<12 {
      for _ in 0..<tokens {
        flops += 2 * 128 * 64 + 2 * 128 * 64
        lanes += 3 * 128 + 64
      }
    }
    let fixture = try linear()
    #expect(fixture.matrix(.encode(tokens, batch: 2), [.scan]) == Double(2 * flops))
    #expect(fixture.lanes(.encode(tokens, batch: 2), [.scan]) == Double(2 * lanes))
  }

  /// 4·n²·d against 4·n·f·d: as many FLOPs where there are as many tokens as features.
  @Test func crossesSoftmaxAttentionAtAsManyTokensAsFeatures() throws {
    let fixture = try linear()
    for (tokens, isFewer) in [(127, false), (128, nil), (129, true), (4096, true)] as [(Int, Bool?)]
    {
      let step = Step.encode(tokens)
      let (sums, scores) = (fixture.matrix(step, [.scan]), softmax(fixture, step))
      if let isFewer {
        #expect((sums < scores) == isFewer && sums != scores)
      } else {
        #expect(sums == scores)
      }
    }
  }

  /// Performer: 2·d·m FLOPs and m exp for the query and the key of each token and head, d·m weights.
  @Test func performerMapsToRandomFeatures() throws {
    let (tokens, heads, size, features) = (50, 8, 64, 256)
    let fixture = try MixerFixture(
      "performer", "\"heads\": 8, \"head_size\": 64", hidden: 512, model: .encoder)
    var (flops, functions) = (0, 0)
    for _ in 0..<tokens {
      for _ in 0..<heads {
        for _ in ["query", "key"] {
          flops += 2 * size * features
          functions += features
        }
      }
    }
    let step = Step.encode(tokens)
    #expect(fixture.matrix(step, [.mixerInner]) == Double(flops))
    #expect(fixture.functions(step, [.mixerInner]) == Double(functions))
    #expect(fixture.matrix(step, [.scan]) == Double(4 * tokens * heads * features * size))
    #expect(fixture.parameters == Double(4 * 512 * 512 + size * features))
  }

  /// Four projections, and nothing for the feature map.
  @Test func linearAttentionHasTheProjectionsOfAttention() throws {
    #expect(try linear().parameters == Double(4 * 768 * 768))
  }
}
