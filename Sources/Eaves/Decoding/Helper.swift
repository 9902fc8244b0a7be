/// A model that a way of decoding runs beside the one asked for, on the same machine.
public struct Helper: Sendable {
  /// Its shapes.
  public var model: Model
  /// Whether it is made of layers of the model itself: its weights and its cache are there already.
  public var isPart: Bool
  /// The format of its weights; `nil` for that of the configuration.
  public var weights: String?

  /// A model beside another.
  public init(_ model: Model, isPart: Bool = false, weights: String? = nil) {
    self.model = model
    self.isPart = isPart
    self.weights = weights
  }
}

/// A pass of a helper in a round of decoding.
public struct HelperPass: Sendable, Hashable {
  /// Which of the helpers, by its place.
  public var helper: Int
  public var step: Step
  /// Passes of this kind a round.
  public var share: Double

  /// A pass.
  public init(_ helper: Int, _ step: Step, share: Double = 1) {
    self.helper = helper
    self.step = step
    self.share = share
  }
}

/// What a round with helpers gains over one token a pass, for its sentence.
public struct DecodingGain: Sendable, Hashable {
  /// Passes of helpers in the round.
  public var passes: Int
  /// Tokens of a round, a sequence.
  public var tokens: Double
  /// Tokens a second over those of one token a pass.
  public var ratio: Double
  /// Time of all passes of helpers over that of one pass for one token.
  public var cost: Double
  /// Where nothing is gained any more; `nil` where that is beyond all batches that were looked at.
  public var stop: Stop?
  /// The batch of the row.
  public var batch: Int
  /// The smallest batch at which nothing is gained.
  public struct Stop: Sendable, Hashable {
    public var batch: Int
    /// Whether it is because helpers and caches no longer fit.
    public var isFull: Bool
  }

  /// The largest batch that was looked at.
  public static let largestBatch = 4096
}

extension Model {
  /// The first layers with the same input and output: what a pass that ends early runs.
  func prefix(layers count: Int) -> Model {
    var part = self
    part.depth = depth ?? layers.count
    part.layers = Array(layers.prefix(count))
    return part
  }
}
