import Eaves
import EavesBlocks

@testable import EavesKernels

/// A small decoder with seeded weights.
struct DecoderFixture {
  var hidden = 24
  var attention = Block.Attention(heads: 4, kvHeads: 2, headSize: 16)
  var neurons = 32
  var layers = 2
  var vocabulary = 40

  var model: Model {
    Model(
      id: "small", name: "small", family: "small", kind: .decoder, hiddenSize: hidden,
      vocabulary: vocabulary, hasTiedEmbeddings: true, maxContext: 4096, publishedFormat: .f32,
      norm: .rmsnorm, position: .rotary,
      blocks: [
        "layer": Block(
          attention: attention,
          feedForward: Block.FeedForward(size: neurons, isGated: true, activation: .silu))
      ],
      layers: Array(repeating: "layer", count: layers))
  }

  var setting: DecoderPass.Setting {
    DecoderPass.Setting(model: model, epsilon: 1e-5, rotary: rotary)
  }

  var rotary: RotaryPositions {
    RotaryPositions(width: attention.headSize, base: 10_000, turnsNeighbours: true)
  }

  var weights: DecoderWeights {
    var generator = SplitMix64(seed: 5)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Float> {
      let spread = (3 / Float(columns)).squareRoot()
      return Matrix(rows: rows, columns: columns) { _, _ in spread * generator.uniform() }
    }
    let (query, entry) = (
      attention.heads * attention.headSize, attention.kvHeads * attention.headSize
    )
    let ones = Array(repeating: Float(1), count: hidden)
    return DecoderWeights(
      embedding: matrix(vocabulary, hidden), head: nil, finalNorm: ones,
      layers: (0..<layers).map { _ in
        DecoderWeights.Layer(
          attentionNorm: ones, query: matrix(query, hidden), key: matrix(entry, hidden),
          value: matrix(entry, hidden), output: matrix(hidden, query), feedForwardNorm: ones,
          gate: matrix(neurons, hidden), up: matrix(neurons, hidden),
          down: matrix(hidden, neurons))
      })
  }

  /// A text of seeded tokens.
  func text(_ count: Int, seed: UInt64 = 3) -> [Int] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in Int(generator.next() % UInt64(vocabulary)) }
  }
}
