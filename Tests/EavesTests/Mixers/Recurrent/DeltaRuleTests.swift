import Quantities
import Testing

@testable import Eaves

/// Gated delta nets, Kimi delta attention and mLSTM against their formulas and the tensors of their classes.
@Suite struct DeltaRuleTests {
  private static let qwen =
    "\"key_heads\": 2, \"value_heads\": 4, \"key_head_size\": 16, \"value_head_size\": 8"

  /// 7·d_k·d_v a value head; qkvz, ba, filter, dt and A, norm and output of Qwen3NextGatedDeltaNet.
  @Test func gatedDeltaNet() throws {
    let fixture = try MixerFixture("gated_delta", Self.qwen, hidden: 64)
    #expect(
      fixture.lanes(.decode(context: 5, batch: 3), [.scan]) == Double(3 * 4 * 7 * 16 * 8))
    let (keys, values) = (2 * 16, 4 * 8)
    let tensors =
      64 * (2 * keys + 2 * values) + 64 * 2 * 4 + (2 * keys + values) * 4 + 4 + 4 + 8 + values * 64
    #expect(fixture.parameters == Double(tensors))
    #expect(
      fixture.mixer.stateBytes == Bytes(Double(4 * 16 * 8 * 4 + (2 * keys + values) * 3 * 2)))
  }

  /// The tensors of KimiLinearDeltaAttention; its state with the tail of three filters.
  @Test func kimiDelta() throws {
    let fixture = try MixerFixture("kda", "\"heads\": 4, \"head_size\": 16", hidden: 64)
    let inner = 64
    let tensors =
      3 * 64 * inner + 3 * inner * 4 + 64 * 16 + 16 * inner + inner + 4 + 64 * 4 + 64 * 16
      + 16 * inner + 16 + inner * 64
    #expect(fixture.parameters == Double(tensors))
    #expect(fixture.lanes(.decode(context: 5), [.scan]) == Double(4 * 7 * 16 * 16))
    #expect(fixture.mixer.stateBytes == Bytes(Double(4 * 16 * 16 * 4 + 3 * inner * 3 * 2)))
  }

  /// Kimi Linear: 20 layers of 32 heads of 128, 43,417,600 bytes with the filters' tails.
  @Test func kimiDeltaOfThePublishedModel() throws {
    let fixture = try MixerFixture("kda", "\"heads\": 32, \"head_size\": 128", hidden: 2304)
    #expect(20 * fixture.mixer.stateBytes == Bytes(43_417_600))
  }

  /// 5·d_k·d_v + 3·d_k a head; state with n and m; the tensors of xLSTMLayer.
  @Test func matrixLSTM() throws {
    let fixture = try MixerFixture(
      "mlstm", "\"heads\": 4, \"key_head_size\": 8, \"value_head_size\": 16", hidden: 64)
    #expect(
      fixture.lanes(.decode(context: 5), [.scan]) == Double(4 * (5 * 8 * 16 + 3 * 8)))
    #expect(fixture.mixer.stateBytes == Bytes(Double(4 * (8 * 16 + 8 + 1) * 4)))
    let tensors = 2 * 64 * 32 + 2 * 64 * 64 + 2 * (64 * 4 + 4) + 64 + 64 * 64
    #expect(fixture.parameters == Double(tensors))
    // Inside a chunk one exp and two lane operations for each pair of tokens and head.
    let pairs = 4.0 * 10 * 11 / 2
    #expect(fixture.functions(.prefill(10), [.scan]) == pairs)
    #expect(
      fixture.lanes(.prefill(10), [.scan]) == 2 * pairs + Double(10 * 4 * 3 * 8 + 4 * 8 * 16))
  }
}
