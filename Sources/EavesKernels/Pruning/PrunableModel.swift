import Eaves
import EavesBlocks

/// A small transformer with seeded weights whose heads, neurons and layers matter to different degrees.
///
/// Pre-norm layers of causal attention and a ReLU feed-forward part, no positions. Trained models have heads that hardly
/// matter (Michel, Levy and Neubig 2019, "Are Sixteen Heads Really Better than One?"); random ones would all
/// be alike, so every head, neuron and layer has a seeded gain between 1 and 1/16.
public struct PrunableModel: Sendable {
  /// Sizes.
  public struct Size: Sendable, Hashable {
    public var hidden = 32
    public var heads = 8
    public var headSize = 4
    public var neurons = 64
    public var layers = 8
    public var tokens = 12

    /// Eight layers of eight heads.
    public init() {}
  }

  /// The weights of a layer, rows are outputs: query, key, value [H·d_h, d], output [d, H·d_h], up [F, d],
  /// down [d, F].
  struct Layer: Sendable {
    var query: Matrix<Double>
    var key: Matrix<Double>
    var value: Matrix<Double>
    var output: Matrix<Double>
    var up: Matrix<Double>
    var down: Matrix<Double>
  }

  /// The sizes.
  public let size: Size
  var layers: [Layer]

  /// Seeded weights.
  public init(_ size: Size = Size(), seed: UInt64 = 1) {
    self.size = size
    var generator = SplitMix64(seed: seed)
    layers = (0..<size.layers).map { _ in Self.layer(size, &generator) }
  }

  private static func layer(_ size: Size, _ generator: inout SplitMix64) -> Layer {
    let width = size.heads * size.headSize
    func gain() -> Double { Definition.exp(-2.77 * (0.5 + 0.5 * Double(generator.uniform()))) }
    func matrix(_ rows: Int, _ columns: Int, _ scale: (Int) -> Double) -> Matrix<Double> {
      let spread = (3 / Double(columns)).squareRoot()
      return Matrix(rows: rows, columns: columns) { row, _ in
        spread * scale(row) * Double(generator.uniform())
      }
    }
    let whole = gain()
    let heads = (0..<size.heads).map { _ in gain() }
    let neurons = (0..<size.neurons).map { _ in gain() }
    return Layer(
      query: matrix(width, size.hidden) { _ in 2 },
      key: matrix(width, size.hidden) { _ in 1 },
      value: matrix(width, size.hidden) { heads[$0 / size.headSize] },
      output: matrix(size.hidden, width) { _ in whole },
      up: matrix(size.neurons, size.hidden) { neurons[$0] },
      down: matrix(size.hidden, size.neurons) { _ in whole })
  }

  /// A text: seeded rows of the model's width.
  func text(seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<size.tokens * size.hidden).map { _ in 1.73 * Double(generator.uniform()) }
  }

  /// What is left of the model.
  struct Kept: Sendable, Hashable {
    /// Heads and neurons of each layer of the whole model, and the layers, all in order.
    var heads: [[Int]]
    var neurons: [[Int]]
    var layers: [Int]
  }

  /// All of it.
  var whole: Kept {
    Kept(
      heads: Array(repeating: Array(0..<size.heads), count: size.layers),
      neurons: Array(repeating: Array(0..<size.neurons), count: size.layers),
      layers: Array(0..<size.layers))
  }
}
