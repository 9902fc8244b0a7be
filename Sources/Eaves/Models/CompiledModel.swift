public import Quantities

/// A model with its formats, patterns and policies resolved: what emits the operations of a step.
///
/// Identical layers are compiled once and carry a count. Compiling is done once a sweep and model;
/// emitting is the hot path.
public struct CompiledModel: Sendable {
  /// The model it was compiled from.
  public let model: Model
  /// The formats and policies it was compiled for.
  public let choices: ModelChoices
  let before: [any Emitter]
  let groups: [LayerGroup]
  let after: [any Emitter]
  /// What emits, with the number of layers it stands for.
  let parts: [Emission.Part]
  /// Emits the operations of a step.
  private let emission: Emission
  /// Parameters and bytes kept in memory, read off the operations.
  public let inventory: Inventory
  /// Bytes of recurrent states of one sequence: summed up once, as every result row asks for them.
  private let stateBytes: Bytes

  /// Identical layers.
  struct LayerGroup: Sendable {
    let count: Int
    let mixers: [any TokenMixer]
    let parts: [any Emitter]
  }

  /// Resolves the formats of every layer.
  /// - Parameters:
  ///   - model: the shapes.
  ///   - choices: the formats and policies.
  public init(_ model: Model, _ choices: ModelChoices) {
    let model = choices.shapes(of: model)
    self.model = model
    self.choices = choices
    let builder = ModelBuilder(choices.spreading?.share(model) ?? model, choices)
    before = builder.before()
    groups = builder.groups()
    after = builder.after()
    parts = Emission.parts(before: before, groups: groups, after: after)
    emission = Emission(parts)
    inventory = Inventory(before: before, groups: groups, after: after, model: model)
    stateBytes = groups.reduce(.zero) { sum, group in
      group.mixers.reduce(sum) { $0 + $1.stateBytes * Double(group.count) }
    }
  }

  /// Appends the operations of a step.
  public func emit(_ step: Step, into buffer: inout OperationBuffer) {
    buffer.removeAll()
    emission.emit(step, into: &buffer)
  }

  /// Bytes of the KV cache of `batch` sequences of `tokens` tokens, without that of a source.
  public func kvCacheBytes(tokens: Int, batch: Int) -> Bytes {
    var total = Bytes.zero
    for group in groups {
      for mixer in group.mixers { total += mixer.cacheBytes(tokens: tokens) * Double(group.count) }
    }
    return total * Double(batch)
  }

  /// Bytes of the keys and values that an encoder-decoder keeps of `batch` sources of `tokens` tokens.
  public func sourceCacheBytes(tokens: Int, batch: Int) -> Bytes {
    guard tokens > 0 else { return .zero }
    var total = Bytes.zero
    for group in groups {
      for mixer in group.mixers { total += mixer.sourceBytes(tokens: tokens) * Double(group.count) }
    }
    return total * Double(batch)
  }

  /// The most bytes of the same while prompts of `tokens` tokens are read: a policy that drops entries drops them
  /// afterwards.
  public func peakCacheBytes(tokens: Int, batch: Int) -> Bytes {
    var total = Bytes.zero
    for group in groups {
      for mixer in group.mixers {
        total += mixer.peakCacheBytes(tokens: tokens) * Double(group.count)
      }
    }
    return total * Double(batch)
  }

  /// Bytes of recurrent states of `batch` sequences.
  public func stateBytes(batch: Int) -> Bytes { stateBytes * Double(batch) }

  /// How many layers there are.
  public var layerCount: Int { model.layers.count }
}

/// What a configuration says of a model beyond its shapes.
public struct ModelChoices: Sendable {
  public var weights: WeightScheme
  public var kv: NumberFormat
  public var activations: NumberFormat
  /// Overrides the model's own patterns.
  public var pattern: (any Pattern)?
  /// Overrides them by the place of the layer.
  public var interleaving: Interleaving?
  /// Whether window layers keep only their window.
  public var cache: CacheChoice
  public var schedule: Schedule
  /// Overrides which heads share keys and values.
  public var attention: HeadSharing?
  /// What is left out of weights and products.
  public var sparsity: any Sparsity = DenseSparsity()
  /// What skips zeros.
  public var rates = SparseRates()
  /// How the work is spread over devices; `nil` for one device.
  var spreading: (any Spreading)?
  /// Where experts are kept, and how tokens choose them.
  public var experts = ExpertChoice()
  /// What tells layers of one kind apart by their place; `nil` where nothing does.
  func place(ofLayer layer: Int) -> Int? {
    if cache.isPerLayer { return layer }
    return interleaving.map { $0.isLocal(layer) ? 0 : 1 }
  }
  public var precision: PrecisionRule
  /// Whether a model without a cache keeps keys and values of earlier passes, although they would have changed
  /// (diffusion decoding in blocks).
  public var keepsApproximateCache = false

  /// Formats and policies.
  public init(
    weights: WeightScheme, kv: NumberFormat, activations: NumberFormat,
    pattern: (any Pattern)? = nil, cache: CacheChoice = .rolling, schedule: Schedule = .flash2,
    precision: PrecisionRule = PrecisionRule()
  ) {
    self.weights = weights
    self.kv = kv
    self.activations = activations
    self.pattern = pattern
    self.cache = cache
    self.schedule = schedule
    self.precision = precision
  }
}
