/// What choosing the keys of a data-dependent pattern costs, for one sequence and layer in a step.
///
/// Generic cost of dynamic sparsity: selector, gather, dense attention on the chosen keys. The attention is
/// counted by the pattern's pairs; this is the selector.
public struct KeySelection: Sendable, Hashable {
  /// Multiply-adds of the scores by which keys are chosen, over all heads.
  public var multiplyAdds: Double
  /// The precision of these products; `nil`: that of the attention.
  public var precision: MultiplyPrecision?
  /// Lane operations: pooling, weighting and one compare a score, the least that a top-k pass does.
  public var vector: Double
  /// Exponentials, reciprocals and the like.
  public var special: Double
  /// Elements of the index of earlier tokens that the step reads, each once.
  public var indexElementsRead: Double
  /// Bytes of such an element, scales included; `nil`: as the cache's format.
  public var indexBytesPerElement: Double?
  /// Elements that the cache keeps for the index, a token and layer.
  public var indexElementsPerToken: Double

  /// A cost; whatever is left out is nothing.
  public init(
    multiplyAdds: Double = 0, precision: MultiplyPrecision? = nil, vector: Double = 0,
    special: Double = 0, indexElementsRead: Double = 0, indexBytesPerElement: Double? = nil,
    indexElementsPerToken: Double = 0
  ) {
    self.multiplyAdds = multiplyAdds
    self.precision = precision
    self.vector = vector
    self.special = special
    self.indexElementsRead = indexElementsRead
    self.indexBytesPerElement = indexBytesPerElement
    self.indexElementsPerToken = indexElementsPerToken
  }

  /// Whether a step chooses nothing: no score is formed and nothing read.
  var isNothing: Bool { multiplyAdds == 0 && vector == 0 && special == 0 && indexElementsRead == 0 }
}
