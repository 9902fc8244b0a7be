import EavesBlocks
import Testing

@testable import EavesKernels

@Suite struct TextScoreTests {
  /// Two windows: means over tokens, spreads over windows.
  @Test func perplexityAndItsSpread() throws {
    var score = TextScore()
    score.append(.init(tokens: 2, loss: 4, divergence: 1, sameTop: 2))
    score.append(.init(tokens: 2, loss: 8, divergence: 3, sameTop: 1))
    // Means of windows 2 and 4: their mean 3, standard error √(2/2) = 1.
    #expect(abs(score.perplexity.mean - Definition.exp(3)) < 1e-9)
    #expect(abs((score.perplexity.spread ?? 0) - Definition.exp(3)) < 1e-9)
    #expect(score.divergence.mean == 1 && score.divergence.spread == 0.5)
    #expect(score.sameTop == 0.75 && score.tokens == 4)
    var other = TextScore()
    other.append(.init(tokens: 2, loss: 5, divergence: 0, sameTop: 2))
    other.append(.init(tokens: 2, loss: 9, divergence: 0, sameTop: 2))
    // Half a nat a token in both windows: the difference has no spread.
    let loss = try #require(other.loss(against: score))
    #expect(abs(loss.mean - (Definition.exp(0.5) - 1)) < 1e-12 && loss.spread == 0)
    #expect(other.loss(against: TextScore()) == nil)
  }

  @Test func oneWindowHasNoSpread() {
    var score = TextScore()
    score.append(.init(tokens: 3, loss: 3, divergence: 0, sameTop: 3))
    #expect(score.perplexity.spread == nil && abs(score.perplexity.mean - Definition.exp(1)) < 1e-9)
  }

  /// 16 bits keep a divergence to a ten-thousandth of a nat.
  @Test func divergenceIsThatOfItsDefinition() {
    let count = 500
    func logs(_ seed: UInt64, _ scale: Float) -> [Float] {
      var generator = SplitMix64(seed: seed)
      var logits = (0..<count).map { _ in scale * generator.uniform() }
      return logits.withUnsafeMutableBufferPointer { LogProbabilities.of($0) }
    }
    let (p, q) = (logs(1, 8), logs(2, 5))
    #expect(abs(p.reduce(0) { $0 + Definition.exp(Double($1)) } - 1) < 1e-5)
    let exact = zip(p, q).reduce(0.0) {
      $0 + Definition.exp(Double($1.0)) * (Double($1.0) - Double($1.1))
    }
    var kept = LogProbabilities()
    kept.append(p)
    #expect(abs(kept.divergence(0, from: q) - exact) < 1e-4 && exact > 1)
    #expect(abs(kept.divergence(0, from: p)) < 1e-6)
    #expect(kept.top(0) == p.indices.max { p[$0] < p[$1] })
  }

  @Test func windowsOfAText() throws {
    let fixture = DecoderFixture()
    var test = try #require(TextTest(fixture.text(100), length: 16, count: 3, first: 9))
    #expect(test.count == 3 && test.windows.allSatisfy { $0.count == 16 && $0[0] == 9 })
    #expect(test.windows[0][1] == fixture.text(100)[17])
    #expect(TextTest(fixture.text(31), length: 16, count: 3, first: nil) == nil)
    let first = try test.score(fixture.setting, fixture.weights) { _ in }
    let again = try test.score(fixture.setting, fixture.weights) { _ in }
    #expect(first.tokens == 3 * 7)
    let loss = try #require(again.loss(against: first))
    #expect(loss.mean == 0 && again.sameTop == 1 && abs(again.divergence.mean) < 1e-6)
  }
}
