import Quantities
import Testing

@testable import Eaves

/// Recurrences of matrix states, counted token by token.
@Suite struct MatrixStateTests {
  /// 4 heads, keys of 16, values of 8, chunks of 32.
  private static let fields =
    "\"heads\": 4, \"head_size\": 16, \"value_head_size\": 8, \"chunk\": 32"
  private static let heads = 4
  private static let (keys, values, chunk) = (16, 8, 32)

  /// 5.1: 2·C·(f + d_v) a token and head in tiles, of which the pairs with earlier tokens are useful, and
  /// 4·f·d_v with the state.
  @Test(arguments: ["linear_attention", "retention"], [2, 31, 32, 33, 200])
  func chunksAreCountedTokenByToken(kind: String, tokens: Int) throws {
    let fixture = try MixerFixture(kind, Self.fields, hidden: 64)
    var (useful, executed) = (0, 0)
    for _ in 0..<Self.heads {
      for token in 0..<tokens {
        let first = token / Self.chunk * Self.chunk
        let length = min(Self.chunk, tokens - first)
        useful += 2 * (token - first + 1) * (Self.keys + Self.values)
        executed += 2 * length * (Self.keys + Self.values)
        useful += 4 * Self.keys * Self.values
        executed += 4 * Self.keys * Self.values
      }
    }
    let step = Step.prefill(tokens, batch: 3)
    #expect(fixture.matrix(step, [.scan]) == Double(3 * useful))
    #expect(fixture.executed(step, [.scan]) == Double(3 * executed))
  }

  /// 5.8: the delta rule has a third product with the state, and a solve of C²·d_k + C³/3 a chunk.
  @Test(arguments: [2, 32, 100])
  func deltaRulesSolveEachChunk(tokens: Int) throws {
    let fixture = try MixerFixture(
      "kda", "\"heads\": 3, \"head_size\": 16, \"chunk\": 32", hidden: 64)
    var flops = 0.0
    var first = 0
    while first < tokens {
      let length = Double(min(32, tokens - first))
      for position in 1...Int(length) { flops += Double(2 * position * (16 + 16)) }
      flops += length * 6 * 16 * 16 + length * length * 16 + length * length * length / 3
      first += 32
    }
    #expect(abs(fixture.matrix(.prefill(tokens), [.scan]) - 3 * flops) < 1e-9 * flops)
  }

  /// One token is the recurrence, on lanes alone.
  @Test(arguments: [
    ("linear_attention", 4 * 16 * 8 + 3 * 16 + 8), ("retention", 5 * 16 * 8),
  ])
  func aTokenIsTheRecurrence(kind: String, lanes: Int) throws {
    let fixture = try MixerFixture(kind, Self.fields, hidden: 64)
    for context in [0, 1000] {
      let step = Step.decode(context: context, batch: 2)
      #expect(fixture.matrix(step, [.scan]) == 0)
      #expect(fixture.lanes(step, [.scan]) == Double(2 * Self.heads * lanes))
    }
  }

  /// State f·d_v + f a head in f32: 2·4·f·(d_v + 1)·H bytes read and written a step.
  @Test func theStateIsReadAndWritten() throws {
    let fixture = try MixerFixture("linear_attention", Self.fields, hidden: 64)
    #expect(fixture.mixer.stateBytes == Bytes(Double(4 * 4 * 16 * (8 + 1))))
    let scan = try #require(
      fixture.operations(.decode(context: 5)).first { $0.id == .scan })
    #expect(scan.bytes.cached == Bytes(Double(2 * 4 * 4 * 16 * (8 + 1))))
  }

  /// Chunks of one sort follow from the sums over their lengths.
  @Test(arguments: [1, 5, 64, 65, 1000], [1, 7, 64])
  func chunksAreSums(tokens: Int, size: Int) {
    let chunks = Chunks(tokens: tokens, size: size)
    var lengths: [Int] = []
    var left = tokens
    while left > 0 {
      lengths.append(min(size, left))
      left -= size
    }
    #expect(chunks.count == Double(lengths.count))
    #expect(chunks.pairs == Double(lengths.reduce(0) { $0 + (1...$1).reduce(0, +) }))
    #expect(chunks.squares == Double(lengths.reduce(0) { $0 + $1 * $1 }))
    #expect(chunks.cubes == Double(lengths.reduce(0) { $0 + $1 * $1 * $1 }))
  }
}
