import Quantities
import Testing

@testable import Eaves

/// RG-LRU, LSTM, GRU and the short convolution.
@Suite struct GatedRecurrenceTests {
  /// Gates 2·2·w²/H FLOPs, 7·w lane operations with 2·w of biases, 4·w special functions a token.
  @Test func realGatedRecurrence() throws {
    let fixture = try MixerFixture("rg_lru", "\"size\": 96, \"heads\": 4", hidden: 64)
    var flops = 0
    for _ in ["input", "recurrence"] { for _ in 0..<4 { flops += 2 * 24 * 24 } }
    let step = Step.prefill(11, batch: 2)
    #expect(flops == 2 * 2 * 96 * 96 / 4)
    #expect(fixture.matrix(step, [.mixerInner]) == Double(22 * flops))
    #expect(fixture.lanes(step, [.scan]) == Double(22 * (7 * 96 + 2 * 96)))
    #expect(fixture.functions(step, [.scan]) == Double(22 * 4 * 96))
    // RecurrentGemmaRecurrentBlock: two inputs, output, filter and gates, all with biases, and a vector.
    let tensors =
      2 * (64 * 96 + 96) + 96 * 64 + 64 + 96 * 4 + 96 + 2 * (4 * 24 * 24 + 96) + 96
    #expect(fixture.parameters == Double(tensors))
    #expect(fixture.mixer.stateBytes == Bytes(Double(96 * 4 + 3 * 96 * 2)))
  }

  /// 8·h·(x + h) FLOPs, 5·h special functions, 8·h lane operations and 4·h more with PyTorch's two biases.
  @Test(arguments: [(2, 12), (1, 8), (0, 4)])
  func longShortTermMemory(biases: Int, lanes: Int) throws {
    let h = 64
    let fixture = try MixerFixture("lstm", "\"biases\": \(biases)", hidden: h)
    let step = Step.prefill(7, batch: 3)
    var flops = 0
    for _ in 0..<step.rows {
      for _ in ["input", "forget", "cell", "output"] { flops += 2 * h * (h + h) }
    }
    #expect(fixture.matrix(step) == Double(flops))
    #expect(fixture.matrix(step) == Double(21 * 8 * h * (h + h)))
    #expect(fixture.lanes(step, [.scan]) == Double(21 * lanes * h))
    #expect(fixture.functions(step, [.scan]) == Double(21 * 5 * h))
    #expect(fixture.parameters == Double(4 * h * (h + h) + biases * 4 * h))
    #expect(fixture.mixer.stateBytes == Bytes(Double(2 * h * 4)))
  }

  /// Three gates of a GRU, one state.
  @Test func gatedRecurrentUnit() throws {
    let h = 64
    let fixture = try MixerFixture("gru", hidden: h)
    #expect(fixture.matrix(.prefill(5)) == Double(5 * 6 * h * (h + h)))
    #expect(fixture.parameters == Double(3 * h * (h + h) + 2 * 3 * h))
    #expect(fixture.mixer.stateBytes == Bytes(Double(h * 4)))
  }

  /// The recurrent half has 2·b/w_b FLOP a byte of weights, however long the prompt is.
  @Test(arguments: [1, 8], [1, 100])
  func weightsAreReadInEveryTimeStep(batch: Int, tokens: Int) throws {
    let fixture = try MixerFixture("lstm", "\"biases\": 0", hidden: 128)
    let scan = try #require(
      fixture.operations(.prefill(tokens, batch: batch)).first { $0.id == .scan })
    #expect(scan.work.matrix.value / scan.bytes[.weights].value == Double(2 * batch) / 2)
    // All but the first reading could come from a nearer level.
    let once = Double(4 * 128 * 128 * 2)
    #expect(scan.bytes[.weights] == Bytes(Double(tokens) * once))
    #expect(scan.rereadBytes == Bytes(Double(tokens - 1) * once))
    #expect(scan.work.launches == Double(tokens))
  }

  /// A cache that keeps the recurrent weights takes them off main memory.
  @Test func aCacheThatKeepsTheWeightsSavesTheRereads() throws {
    let model = try Shipped.model("lstm-2x1024")
    let step = Step.prefill(64)
    var bare = try TestChip.evaluator(model, on: TestChip.make())
    var cached = try TestChip.evaluator(model, on: TestChip.make(cache: Bytes(100e6)))
    let far = bare.evaluate(step).levelBytes[0]
    let near = cached.evaluate(step).levelBytes[1]
    // Two layers, 63 readings of 4·h² weights in 16 bits.
    #expect(far - near >= Bytes(2 * 63 * 4 * 1024 * 1024 * 2))
    #expect(far > 5 * near)
  }

  /// Two products of d × 3d and d × d, a filter of K taps and two gates; the tail of K − 1 tokens.
  @Test func shortConvolution() throws {
    let fixture = try MixerFixture("short_conv", "\"kernel\": 3", hidden: 64)
    #expect(fixture.matrix(.prefill(9)) == Double(9 * 2 * 4 * 64 * 64))
    #expect(fixture.lanes(.prefill(9), [.convolution]) == Double(9 * (2 * 3 + 2) * 64))
    #expect(fixture.parameters == Double(4 * 64 * 64 + 3 * 64))
    #expect(fixture.mixer.stateBytes == Bytes(Double(2 * 64 * 2)))
    let biased = try MixerFixture("short_conv", "\"kernel\": 3, \"bias\": true", hidden: 64)
    #expect(biased.parameters - fixture.parameters == Double(3 * 64 + 64 + 64))
  }
}
