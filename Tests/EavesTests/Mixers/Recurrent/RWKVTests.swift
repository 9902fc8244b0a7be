import Quantities
import Testing

@testable import Eaves

/// RWKV-4, 6 and 7 against the formulas and the tensors of their papers and classes.
@Suite struct RWKVTests {
  private static let width = 256

  private func mixer(_ kind: String, _ fields: String = "") throws -> MixerFixture {
    try MixerFixture(kind, fields, hidden: Self.width)
  }

  private static let six = "\"mix_rank\": 8, \"decay_rank\": 16"
  private static let seven =
    "\"decay_rank\": 8, \"rate_rank\": 16, \"value_rank\": 4, \"gate_rank\": 32"

  /// R, K, V, O: 4·2·d²; wkv 19·d lane operations and 4·d exp a token, however many tokens there are.
  @Test(arguments: [Step.prefill(30, batch: 2), .decode(context: 8, batch: 60)])
  func fourScansItsVectors(step: Step) throws {
    let (d, fixture) = (Self.width, try mixer("rwkv4"))
    var (flops, lanes, functions) = (0, 0, 0)
    for _ in 0..<step.rows {
      flops += 4 * 2 * d * d
      for _ in 0..<d {
        lanes += 19
        functions += 4
      }
    }
    #expect(fixture.matrix(step) == Double(flops))
    #expect(fixture.lanes(step, [.scan]) == Double(lanes))
    #expect(fixture.functions(step, [.scan]) == Double(functions))
  }

  /// Five vectors of d in f32 a layer, one of them in the channel mixing.
  @Test func fourKeepsFiveVectors() throws {
    let channel = try mixer("rwkv_channel_mix", "\"size\": 1024, \"f32_state\": true")
    let time = try mixer("rwkv4")
    #expect(time.mixer.stateBytes + channel.mixer.stateBytes == Bytes(Double(5 * 256 * 4)))
  }

  /// 2·(d·F)·2 + 2·d² for the receptance.
  @Test(arguments: [(true, 2 * 256 * 896 * 2 + 2 * 256 * 256), (false, 2 * 256 * 896 * 2)])
  func channelsAreMixed(hasReceptance: Bool, flops: Int) throws {
    let fixture = try mixer(
      "rwkv_channel_mix", "\"size\": 896, \"receptance\": \(hasReceptance)")
    #expect(fixture.matrix(.prefill(9)) == Double(9 * flops))
    // Two mixes with a receptance, one without.
    #expect(fixture.parameters == Double(flops / 2 + (hasReceptance ? 2 : 1) * 256))
    #expect(fixture.mixer.stateBytes == Bytes(Double(256 * 2)))
  }

  /// 5·2·d² and 7·64·d; 4·2·d² and 9·64·d: loops over heads, keys and values.
  @Test(arguments: [("rwkv6", six, 5, 7), ("rwkv7", seven, 4, 9)])
  func laterOnesHaveMatrixStates(kind: String, fields: String, matrices: Int, each: Int) throws {
    let (d, fixture) = (Self.width, try mixer(kind, fields))
    var lanes = 0
    for _ in 0..<(d / 64) {
      for _ in 0..<64 { for _ in 0..<64 { lanes += each } }
    }
    let step = Step.decode(context: 3, batch: 2)
    #expect(fixture.lanes(step, [.scan]) == Double(2 * lanes))
    #expect(lanes == each * 64 * d)
    #expect(
      fixture.matrix(step, [.mixerInput, .mixerOutput]) == Double(2 * matrices * 2 * d * d))
    // d/64 heads of 64 × 64 in f32, and the earlier row in 16 bits.
    #expect(fixture.mixer.stateBytes == Bytes(Double(d / 64 * 64 * 64 * 4 + d * 2)))
  }

  /// rwkv_v6_demo.py: five matrices; time_maa 6·d, w1 and w2 of mixes and decay, decay, bonus, ln_x 2·d.
  @Test func sixHasTheTensorsOfItsClass() throws {
    let d = Self.width
    let tensors = 5 * d * d + 6 * d + d * 40 + 5 * 8 * d + d * 16 + 16 * d + d + d + 2 * d
    #expect(try mixer("rwkv6", Self.six).parameters == Double(tensors))
  }

  /// rwkv_v7_demo.py: four matrices, six mixes, four low-rank pairs with three biases, k_k, k_a, r_k, ln_x.
  @Test func sevenHasTheTensorsOfItsClass() throws {
    let d = Self.width
    let shared = 4 * d * d + 6 * d + 2 * d * (8 + 16 + 32) + 2 * d + 3 * d + 2 * d
    #expect(try mixer("rwkv7", Self.seven).parameters == Double(shared + 2 * d * 4 + d))
    let first = "\"decay_rank\": 8, \"rate_rank\": 16, \"gate_rank\": 32"
    #expect(try mixer("rwkv7", first).parameters == Double(shared))
  }

  /// The reference table estimates these by matrices and low ranks, within 1 %.
  @Test(arguments: [
    ("rwkv6-1.6b", 1_599_078_400.0), ("rwkv6-7b", 7_633_633_280), ("rwkv7-0.4b", 450_363_392),
    ("rwkv7-1.5b", 1_526_726_656), ("rwkv7-2.9b", 2_946_498_560),
  ])
  func shippedModelsAgreeWithTheEstimates(model: String, estimate: Double) throws {
    let parameters = try Shipped.sixteenBit(model).inventory.parameters
    #expect(abs(parameters / estimate - 1) < 0.01)
  }
}
