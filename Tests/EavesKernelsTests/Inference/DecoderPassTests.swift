import Eaves
import Quantities
import Testing

@testable import EavesKernels

@Suite struct DecoderPassTests {
  /// Every product that is predicted is executed, and no other.
  @Test(arguments: [(7, 3), (16, 15), (33, 1)])
  func executedWorkIsPredicted(tokens: Int, logits: Int) throws {
    let fixture = DecoderFixture()
    var pass = try DecoderPass(fixture.setting, fixture.weights)
    let predicted = try pass.operations(tokens: tokens, logits: logits).reduce(0) {
      $0 + $1.work.executedMatrix.value * $1.repeats
    }
    try pass.run(fixture.text(tokens), wanted: tokens - logits..<tokens) { _, _ in }
    #expect(2 * pass.multiplyAdds == predicted)
  }

  private func logits(
    _ pass: DecoderPass, _ text: [Int], _ wanted: Range<Int>
  ) throws -> [[Float]] {
    var pass = pass
    var found: [[Float]] = []
    try pass.run(text, wanted: wanted) { first, rows in
      #expect(first == wanted.lowerBound + found.count)
      found += rows.map { Array($0) }
    }
    return found
  }

  /// What a token is told depends on nothing that comes after it.
  @Test func laterTokensChangeNothing() throws {
    let fixture = DecoderFixture()
    let pass = try DecoderPass(fixture.setting, fixture.weights)
    let text = fixture.text(20)
    let short = try logits(pass, Array(text.prefix(12)), 5..<12)
    let long = try logits(pass, Array(text.prefix(11)) + fixture.text(9, seed: 8), 5..<11)
    for (row, other) in zip(long, short) {
      let error = zip(row, other).map { abs($0 - $1) }.max() ?? 1
      #expect(error < 1e-5)
    }
    #expect(long.count == 6)
  }

  /// Leaving out heads, neurons or layers is the pass of the smaller shapes.
  @Test func zerosAreAsIfNotThere() throws {
    let fixture = DecoderFixture()
    var weights = fixture.weights
    weights.layers[0].down.clear(columns: 3..<9)
    weights.layers[0].output.clear(columns: 16..<32)
    let text = fixture.text(10)
    let zeroed = try logits(DecoderPass(fixture.setting, weights), text, 4..<10)
    // Whatever those neurons and that head would have said makes no difference.
    for index in 3 * 24..<9 * 24 { weights.layers[0].up.elements[index] = 7 }
    for index in 16 * 24..<32 * 24 { weights.layers[0].query.elements[index] = -3 }
    let other = try logits(DecoderPass(fixture.setting, weights), text, 4..<10)
    #expect(zeroed == other)
    let whole = try logits(DecoderPass(fixture.setting, fixture.weights), text, 4..<10)
    #expect(zeroed != whole)
    weights = fixture.weights
    weights.layers.removeLast()
    let shorter = try logits(DecoderPass(fixture.setting, weights), text, 4..<10)
    #expect(shorter.count == 6 && shorter != whole)
  }

  @Test func onlyTheLargestNeuronsStay() throws {
    let fixture = DecoderFixture()
    let text = fixture.text(10)
    var setting = fixture.setting
    setting.keptNeurons = 1
    let all = try logits(DecoderPass(setting, fixture.weights), text, 4..<10)
    #expect(all == (try logits(DecoderPass(fixture.setting, fixture.weights), text, 4..<10)))
    var last = 0.0
    for share in [0.9, 0.5, 0.1] {
      setting.keptNeurons = share
      let fewer = try logits(DecoderPass(setting, fixture.weights), text, 4..<10)
      let error = KernelCheck.relativeError(
        of: fewer.joined().map(Double.init), against: all.joined().map(Double.init))
      #expect(error > last)
      last = error
    }
  }

  @Test func wrongWeightsAreRefused() throws {
    let fixture = DecoderFixture()
    var weights = fixture.weights
    weights.layers[1].down = Matrix(rows: 24, columns: 31, repeating: 0)
    var pass = try DecoderPass(fixture.setting, weights)
    #expect(throws: KernelError.self) { try pass.run([1, 2], wanted: 0..<1) { _, _ in } }
    for change in Self.wrongVectors {
      var weights = fixture.weights
      change(&weights)
      #expect(throws: KernelError.self) { try DecoderPass(fixture.setting, weights) }
    }
    var other = try DecoderPass(fixture.setting, fixture.weights)
    #expect(throws: KernelError.self) { try other.run([1, 99], wanted: 0..<1) { _, _ in } }
  }

  /// Vectors of other lengths than the shapes say.
  private static let wrongVectors: [@Sendable (inout DecoderWeights) -> Void] = [
    { $0.finalNorm.append(1) }, { $0.layers[0].attentionNorm.append(1) },
    { $0.layers[1].feedForwardNorm.removeLast() }, { $0.layers[0].attentionNorm = [] },
    { $0.layers[0].qkvBias = [1] }, { $0.layers[0].keyNorm = [1, 2] },
    { $0.embedding = Matrix(rows: 40, columns: 23, repeating: 0) },
  ]

  /// Weights that give no numbers are refused, and so are tokens beyond the table.
  @Test func whatGivesNoNumbersIsRefused() throws {
    let fixture = DecoderFixture()
    var test = try #require(TextTest(fixture.text(60), length: 16, count: 2, first: nil))
    var weights = fixture.weights
    weights.finalNorm = Array(repeating: .greatestFiniteMagnitude, count: 24)
    for index in weights.embedding.elements.indices { weights.embedding.elements[index] *= 1e30 }
    #expect(throws: KernelError.self) { try test.score(fixture.setting, weights) { _ in } }
    var beyond = try #require(
      TextTest(fixture.text(47) + [99], length: 16, count: 2, first: nil))
    #expect(throws: KernelError.self) {
      try beyond.score(fixture.setting, fixture.weights) { _ in }
    }
  }
}
