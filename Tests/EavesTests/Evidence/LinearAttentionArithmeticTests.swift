import Eaves
import Testing

/// FLOPs of both forms against their products, one multiply-add at a time.
@Suite struct LinearAttentionArithmeticTests {
  static let shapes: [(head: Int, value: Int, features: Int)] = [
    (4, 4, 4), (3, 5, 6), (8, 2, 16), (6, 6, 3),
  ]

  /// Multiply-adds of an [m, k] × [k, n] product, counted.
  private func product(_ rows: Int, _ inner: Int, _ columns: Int) -> Int {
    var count = 0
    for _ in 0..<rows { for _ in 0..<columns { for _ in 0..<inner { count += 2 } } }
    return count
  }

  @Test(arguments: shapes)
  func flopsAreThoseOfTheProducts(shape: (head: Int, value: Int, features: Int)) {
    let form = LinearAttentionArithmetic(
      headSize: Double(shape.head), valueHeadSize: Double(shape.value),
      features: Double(shape.features))
    for tokens in [1, 2, 7] {
      let softmax = product(tokens, shape.head, tokens) + product(tokens, tokens, shape.value)
      #expect(form.softmaxFLOPs(tokens: Double(tokens)) == Double(softmax))
      let linear =
        product(shape.features, tokens, shape.value) + product(tokens, shape.features, shape.value)
      #expect(form.linearFLOPs(tokens: Double(tokens)) == Double(linear))
    }
  }

  /// Linear attention costs more below the crossover and less above it.
  @Test(arguments: shapes)
  func theCrossoverSeparatesWhatCostsLess(shape: (head: Int, value: Int, features: Int)) {
    let form = LinearAttentionArithmetic(
      headSize: Double(shape.head), valueHeadSize: Double(shape.value),
      features: Double(shape.features))
    for tokens in stride(from: 0.5, through: 40, by: 0.5) {
      let difference = form.linearFLOPs(tokens: tokens) - form.softmaxFLOPs(tokens: tokens)
      #expect((difference > 0) == (tokens < form.crossoverTokens))
    }
  }
}
