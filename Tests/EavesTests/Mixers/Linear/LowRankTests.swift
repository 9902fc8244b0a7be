import Quantities
import Testing

@testable import Eaves

/// Linformer and Synthesizer, against loops over tokens and heads; when they refuse.
@Suite struct LowRankTests {
  private func linformer(_ sharing: String = "none", layers: Int = 1) throws -> MixerFixture {
    try MixerFixture(
      "linformer",
      "\"heads\": 12, \"head_size\": 64, \"rank\": 32, \"n_max\": 128, \"sharing\": \"\(sharing)\"",
      hidden: 768, model: .encoder, layers: layers)
  }

  @Test(arguments: [1, 100, 128])
  func linformerProjectsAlongTheLength(tokens: Int) throws {
    var (projection, attention, functions) = (0, 0, 0)
    for _ in 0..<12 {
      for _ in 0..<tokens {
        for _ in 0..<32 {
          projection += 2 * (64 + 64)
          attention += 2 * (64 + 64)
          functions += 1
        }
        // One division a row.
        functions += 1
      }
    }
    let (fixture, step) = (try linformer(), Step.encode(tokens, batch: 2))
    #expect(fixture.matrix(step, [.mixerInner]) == Double(2 * projection))
    #expect(fixture.matrix(step, [.attention]) == Double(2 * attention))
    #expect(fixture.functions(step, [.attention]) == Double(2 * functions))
  }

  /// 2·H·L, 2·L, L or 1 matrices of n_max × k in a model of L layers.
  @Test(arguments: [("none", 2 * 12 * 12), ("head", 2 * 12), ("kv", 12), ("layer", 1)])
  func linformerSharesProjections(sharing: String, matrices: Int) throws {
    let parameters = 12 * (try linformer(sharing, layers: 12).parameters)
    #expect(abs(parameters - Double(12 * 4 * 768 * 768 + matrices * 128 * 32)) < 1e-6)
  }

  @Test func linformerRefusesDecodersAndLongTexts() throws {
    let shape = try linformer().shape
    #expect(shape.refusal(.encode(128), causal: false) == nil)
    let long = try #require(shape.refusal(.encode(129), causal: false))
    #expect(long.problem == "linformer was made for at most 128 tokens, and 129 are asked for")
    #expect(long.remedy == "ask for at most 128, or raise \"n_max\"")
    let causal = try #require(shape.refusal(.prefill(5), causal: true))
    #expect(causal.problem.contains("a decoder cannot use it"))
  }

  private func synthesizer(_ form: String, _ model: Model.Kind = .encoder) throws -> MixerFixture {
    let factors = form == "factorised" ? ", \"k1\": 8, \"k2\": 16" : ""
    return try MixerFixture(
      "synthesizer",
      "\"heads\": 4, \"head_size\": 32, \"n_max\": 128, \"form\": \"\(form)\"\(factors)",
      hidden: 96, model: model)
  }

  /// 2·n·(d·d_h + d_h·n_max), 2·n·d·(k1 + k2), or nothing; then the weighted sum of all values.
  @Test(arguments: [
    ("dense", 2 * (96 * 32 + 32 * 128)), ("random", 0), ("factorised", 2 * 96 * (8 + 16)),
  ])
  func synthesizerMakesScores(form: String, scores: Int) throws {
    var (made, sums, values) = (0, 0, 0)
    let tokens = 100
    for _ in 0..<4 {
      for _ in 0..<tokens {
        made += scores
        values += 2 * 96 * 32
        for _ in 0..<tokens { sums += 2 * 32 }
      }
    }
    let (fixture, step) = (try synthesizer(form), Step.encode(tokens))
    #expect(fixture.matrix(step, [.weightedSum]) == Double(sums))
    #expect(fixture.matrix(step, [.mixerInput, .mixerInner]) == Double(made + values))
    #expect(fixture.functions(step, [.softmax]) == Double(4 * tokens * (tokens + 1)))
  }

  /// Two layers, a matrix of scores, or two short layers a head; with values and output.
  @Test(arguments: [
    ("dense", 4 * (96 * 32 + 32 * 128)), ("random", 4 * 128 * 128),
    ("factorised", 4 * 96 * (8 + 16)),
  ])
  func synthesizerHasNoQueriesAndKeys(form: String, scores: Int) throws {
    #expect(try synthesizer(form).parameters == Double(scores + 2 * 96 * 128))
  }

  /// A causal one keeps values only, half of what attention keeps.
  @Test func synthesizerKeepsValues() throws {
    let fixture = try synthesizer("dense", .decoder)
    #expect(fixture.mixer.cacheBytes(tokens: 10) == Bytes(Double(10 * 128 * 2)))
    let decode = fixture.operations(.decode(context: 9))
    #expect(decode.bytes([.cacheRead]) == Double(9 * 128 * 2))
    #expect(decode.bytes([.cacheWrite]) == Double(128 * 2))
    #expect(fixture.matrix(.decode(context: 9), [.weightedSum]) == Double(10 * 4 * 2 * 32))
    #expect(fixture.shape.refusal(.decode(context: 127), causal: true) == nil)
    #expect(fixture.shape.refusal(.decode(context: 128), causal: true) != nil)
  }

  /// What has neither positions nor projections of a fixed length computes any step.
  @Test func mostMixersRefuseNothing() throws {
    let fixture = try MixerFixture("rwkv4", hidden: 64)
    #expect(fixture.shape.refusal(.decode(context: 1 << 30), causal: true) == nil)
  }
}
