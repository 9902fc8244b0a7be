public import Eaves

extension DecoderPass {
  /// What a decoder is beyond its operations.
  public struct Setting: Sendable {
    /// The shapes.
    public var model: Model
    /// What is added to the mean square of a row.
    public var epsilon: Float
    public var rotary: RotaryPositions
    public var cache = DecoderCache()
    /// Instead of the model's own.
    public var pattern: (any Pattern)?
    /// The share of the neurons of a token that is kept, those of the largest results; `nil` for all.
    public var keptNeurons: Double?

    /// A dense decoder with a cache of every token in float32.
    public init(model: Model, epsilon: Double, rotary: RotaryPositions) {
      self.model = model
      self.epsilon = Float(epsilon)
      self.rotary = rotary
    }
  }
}
