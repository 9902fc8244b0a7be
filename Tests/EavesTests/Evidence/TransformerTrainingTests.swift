import Eaves
import EavesCatalog
import Quantities
import Testing

/// Training steps of plain transformers against sums of their parts.
@Suite struct TransformerTrainingTests {
  private let ideal: Machine

  init() throws {
    let resolver = Resolver()
    ideal = try Machine(
      try resolver.chip("nvidia-a100-sxm-80"), try resolver.runtime("ideal"))
  }

  private func training(_ model: String, tokens: Int = 1024, batch: Int = 2) throws
    -> TransformerTraining
  {
    try #require(TransformerTraining(try Shipped.model(model), tokens: tokens, batch: batch))
  }

  /// GPT-2: products, attention, 41 passes of T × 768 and 47 of T × 3072 in 2 bytes a layer, 36 bytes a logit.
  @Test func aStepIsTheSumOfItsParts() throws {
    let training = try training("gpt2-small")
    let peak = try #require(ideal.peak(for: .f16)).value
    let bandwidth = ideal.mainBandwidth.value
    // The token table is the head; positions are no factor of a product.
    let parameters: Double = 124_439_808 - 1024 * 768
    #expect(training.parameters == parameters)
    let attention = AttentionTraining(
      AttentionTraffic(tokens: 1024, headSize: 64), heads: 2 * 12)
    let rows: Double = 2 * 1024
    let products = 6 * parameters * rows / peak
    let passes: Double = 41 * 768 + 47 * 3072
    let bytes = rows * (12 * 2 * passes + 36 * 50_257)
    let scores = 12 * (try #require(attention.eager(on: ideal))).value
    let expected = products + scores + bytes / bandwidth
    let time = try #require(training.seconds(.eager, on: ideal)).value
    #expect(abs(time / expected - 1) < 1e-9)
  }

  /// The eager GELU, kernel by kernel: each reads its operands and writes its result, a T × F matrix each.
  @Test func geluIsCountedByItsKernels() throws {
    // x³, times a constant, plus x, times a constant, tanh, plus one; half of x, times that.
    let forward = [2, 2, 3, 2, 2, 2, 2, 3]
    // Of x³: a square, twice a product; of constants, of the tanh and of the half; both factors; x comes from three places.
    let backward = [7, 2, 2, 3, 2, 3, 3, 3, 3]
    let all = forward.reduce(0, +) + backward.reduce(0, +)
    let gpt = try training("gpt2-small").passes(.eager)
    #expect(gpt.inner == Double(all + 1))
    // SiLU and a gate: one kernel each way, and a product of two matrices (3 forward, 6 backward).
    #expect(try training("llama-2-7b").passes(.eager).inner == 5 + 9)
    #expect(try training("llama-2-7b").passes(.fused).inner == 5 + 3)
  }

  @Test(arguments: ["gpt2-small", "bert-base", "llama-2-7b", "llama-3.1-8b"], [128, 512, 1024])
  func aFusedProgramIsFasterAndNoneBeatsItsProducts(model: String, tokens: Int) throws {
    let training = try training(model, tokens: tokens)
    let eager = try #require(training.seconds(.eager, on: ideal))
    let fused = try #require(training.seconds(.fused, on: ideal))
    let peak = try #require(ideal.peak(for: .f16)).value
    #expect(fused < eager)
    #expect(fused.value > 6 * training.parameters * training.tokens * training.batch / peak)
  }

  /// 2 + 2 bytes a parameter and 34·s·b·h a layer, with scores 5·a·s²·b more.
  @Test func aStepThatDoesNotFitHasNoTime() throws {
    let training = try training("gpt2-small")
    let kept: Double = 34 * 1024 * 2 * 768
    let scores: Double = 5 * 12 * 1024 * 1024 * 2
    #expect(training.bytes(.fused).value == 4 * training.parameters + 12 * kept)
    #expect(training.bytes(.eager).value == 4 * training.parameters + 12 * (kept + scores))
    let large = try self.training("llama-2-7b", tokens: 4096)
    #expect(large.seconds(.eager, on: ideal) == nil)
    #expect(large.seconds(.fused, on: ideal) != nil)
  }

  /// Work a token grows with the sequence, so that long ones take more than their share; batches do not.
  @Test func timesFollowTokensAndSequences() throws {
    let one = try #require(try training("gpt2-small", batch: 1).seconds(.eager, on: ideal)).value
    let two = try #require(try training("gpt2-small", batch: 2).seconds(.eager, on: ideal)).value
    let long = try #require(
      try training("gpt2-small", tokens: 2048, batch: 1).seconds(.eager, on: ideal)
    ).value
    #expect(abs(two / one - 2) < 1e-9)
    #expect(long > 2.2 * one)
  }

  @Test(arguments: [
    "mixtral-8x7b", "mamba-130m", "gemma-3-4b", "t5-small", "vit-b-16-224", "albert-base-v2",
    "mistral-7b-v0.1",
  ])
  func whatIsNoPlainTransformerHasNoTime(model: String) throws {
    #expect(TransformerTraining(try Shipped.model(model), tokens: 128, batch: 1) == nil)
  }
}
