import Eaves

/// The weights of a dense decoder in float32, rows are outputs.
public struct DecoderWeights: Sendable {
  /// One layer.
  public struct Layer: Sendable {
    /// Norm vectors before attention and before the feed-forward part: [d].
    public var attentionNorm: [Float]
    public var feedForwardNorm: [Float]
    /// Queries [H·d_h, d], keys and values [G·d_h, d]; their biases one after the other, or none.
    public var query: Matrix<Float>
    public var key: Matrix<Float>
    public var value: Matrix<Float>
    public var qkvBias: [Float]
    /// Norm vectors of a head's queries and keys: [d_h], or none.
    public var queryNorm: [Float]
    public var keyNorm: [Float]
    /// [d, H·d_h].
    public var output: Matrix<Float>
    /// [F, d] each.
    public var gate: Matrix<Float>
    public var up: Matrix<Float>
    /// [d, F].
    public var down: Matrix<Float>

    /// A layer without biases and without norms of heads.
    public init(
      attentionNorm: [Float], query: Matrix<Float>, key: Matrix<Float>, value: Matrix<Float>,
      output: Matrix<Float>, feedForwardNorm: [Float], gate: Matrix<Float>, up: Matrix<Float>,
      down: Matrix<Float>
    ) {
      self.attentionNorm = attentionNorm
      self.query = query
      self.key = key
      self.value = value
      self.output = output
      self.feedForwardNorm = feedForwardNorm
      self.gate = gate
      self.up = up
      self.down = down
      qkvBias = []
      queryNorm = []
      keyNorm = []
    }
  }

  /// One row for each token: [V, d].
  public var embedding: Matrix<Float>
  /// [V, d]; `nil` where it is the embedding table.
  public var head: Matrix<Float>?
  /// [d].
  public var finalNorm: [Float]
  public var layers: [Layer]

  /// The weights of a model.
  public init(
    embedding: Matrix<Float>, head: Matrix<Float>?, finalNorm: [Float], layers: [Layer]
  ) {
    self.embedding = embedding
    self.head = head
    self.finalNorm = finalNorm
    self.layers = layers
  }
}

extension DecoderWeights {
  /// Requires that vectors have the lengths of the shapes; those of matrices are held against each operation.
  /// - Throws: `KernelError` at the first that has not.
  func require(_ hidden: Int, _ attention: Block.Attention) throws(KernelError) {
    func require(_ vector: [Float], _ count: Int, _ name: String) throws(KernelError) {
      guard vector.isEmpty || vector.count == count else {
        throw .operandMismatch("\(name): \(vector.count) elements, not \(count)")
      }
    }
    let tables = [embedding] + [head].compactMap(\.self)
    guard tables.allSatisfy({ $0.columns == hidden }), finalNorm.count == hidden else {
      throw .operandMismatch("embeddings, head and norm are not of width \(hidden)")
    }
    let entries = (attention.heads + 2 * attention.kvHeads) * attention.headSize
    for layer in layers {
      guard !layer.attentionNorm.isEmpty, !layer.feedForwardNorm.isEmpty else {
        throw .operandMismatch("a layer has no norms")
      }
      try require(layer.attentionNorm, hidden, "norm before attention")
      try require(layer.feedForwardNorm, hidden, "norm before the feed-forward part")
      try require(layer.qkvBias, entries, "biases of queries, keys and values")
      try require(layer.queryNorm, attention.headSize, "norm of queries")
      try require(layer.keyNorm, attention.headSize, "norm of keys")
    }
  }
}

extension Matrix {
  /// A matrix of given elements, row after row.
  /// - Throws: `KernelError` where they are not as many as rows times columns.
  public init(rows: Int, columns: Int, elements: [Scalar]) throws(KernelError) {
    guard elements.count == rows * columns else {
      throw .operandMismatch("\(elements.count) elements for \(rows)×\(columns)")
    }
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }
}

extension Matrix<Float> {
  /// √Σ of squares of some columns.
  func norm(ofColumns part: Range<Int>) -> Double {
    var sum = 0.0
    for row in 0..<rows {
      for column in part {
        let value = Double(elements[row * columns + column])
        sum += value * value
      }
    }
    return sum.squareRoot()
  }
}
