public import Quantities

/// A part of a model that turns a step into operations.
///
/// `any Emitter` values are built once, when a model is compiled for its formats; `emit` only computes
/// sizes and appends to the reused buffer.
public protocol Emitter: Sendable {
  /// Appends the operations of this part for one of the buffer's `repeats` layers.
  func emit(_ step: Step, into buffer: inout OperationBuffer)

  /// Smaller parts that together emit the same, where there are any; itself else.
  ///
  /// Layers of a mixture of formats (`q4_k_m`) differ in a tensor or two: what else they have is emitted once
  /// for all of them.
  var parts: [any Emitter] { get }

  /// Whether another part emits the same operations.
  func isSame(as other: any Emitter) -> Bool

  /// Whether what it emits depends on the context in a way that short ones do not show: it emits for every step.
  var dependsOnContext: Bool { get }
}

extension Emitter {
  public var parts: [any Emitter] { [self] }

  public func isSame(as other: any Emitter) -> Bool { false }

  public var dependsOnContext: Bool { false }
}

extension Emitter where Self: Equatable {
  public func isSame(as other: any Emitter) -> Bool { other as? Self == self }
}

/// What mixes tokens within a block: the part that may keep a cache or a state.
public protocol TokenMixer: Emitter {
  /// Bytes that one layer keeps of `tokens` tokens of one sequence, growing with them (KV cache).
  func cacheBytes(tokens: Int) -> Bytes
  /// Bytes that one layer keeps of a source of `tokens` tokens of one sequence, fixed once it has been read.
  func sourceBytes(tokens: Int) -> Bytes
  /// The most bytes of the same while a prompt of `tokens` tokens is read: what is dropped afterwards is there.
  func peakCacheBytes(tokens: Int) -> Bytes
  /// Bytes of a recurrent state of one layer and one sequence, whatever the context.
  var stateBytes: Bytes { get }
  /// Which keys it reads and what it keeps of them, for the columns; `nil` where it has no cache of tokens.
  var patternName: String? { get }
  var cacheName: String? { get }
  /// What a reader should know of its cache; `nil` where there is nothing.
  var cacheNote: String? { get }
}

extension TokenMixer {
  public func cacheBytes(tokens: Int) -> Bytes { .zero }
  public func sourceBytes(tokens: Int) -> Bytes { .zero }
  public func peakCacheBytes(tokens: Int) -> Bytes { cacheBytes(tokens: tokens) }
  public var stateBytes: Bytes { .zero }
  public var patternName: String? { nil }
  public var cacheName: String? { nil }
  public var cacheNote: String? { nil }
}

/// Formats and precisions of the parts of one layer, resolved when a model is compiled.
public struct LayerFormats: Sendable, Hashable {
  /// The format of each tensor by role.
  public var weights: [TensorRole: NumberFormat]
  public var activations: NumberFormat
  public var kv: NumberFormat
  /// The precision in which a product with a weight of some format is formed.
  public var precision: PrecisionRule

  /// Formats of one layer.
  public init(
    weights: [TensorRole: NumberFormat], activations: NumberFormat, kv: NumberFormat,
    precision: PrecisionRule
  ) {
    self.weights = weights
    self.activations = activations
    self.kv = kv
    self.precision = precision
  }

  /// The format of a tensor, as the hot path needs it: what an engine multiplies as it is stored is never
  /// expanded.
  func compact(_ role: TensorRole) -> CompactFormat {
    let format = weights[role] ?? activations
    var compact = CompactFormat(format)
    if precision.multipliesAsStored(format, activations: activations) { compact.expansion = .none }
    return compact
  }

  /// The precision of products with a tensor.
  func precision(with role: TensorRole) -> MultiplyPrecision {
    precision.precision(weights: weights[role] ?? activations, activations: activations)
  }
}

/// In which precision a product is formed: storage is one thing, arithmetic another.
public struct PrecisionRule: Sendable, Hashable {
  /// A runtime's choices: expansion name or "*quantised" to precision.
  public var choices: [String: MultiplyPrecision]

  /// Precisions that the chip has rates of its own for; `nil` where no chip is known, and then all.
  public var native: Set<MultiplyPrecision>?

  /// The rule with a runtime's choices; without any, the wider of the two operands decides.
  public init(
    choices: [String: MultiplyPrecision] = [:], native: Set<MultiplyPrecision>? = nil
  ) {
    self.choices = choices
    self.native = native
  }

  /// Whether stored weights are factors as they are: int8 by int8 on an engine with an int8 rate.
  func multipliesAsStored(_ weights: NumberFormat, activations: NumberFormat) -> Bool {
    let product = precision(weights: weights, activations: activations)
    return weights.isQuantised && weights.multiply == product
      && weights.multiply == activations.multiply && activations.isQuantised
      && native?.contains(product) ?? true
  }

  /// The precision for one pair of operands.
  ///
  /// Weights of fewer bits than the activations are expanded to the activations' format: low bits speed
  /// up bytes, not arithmetic. Narrow arithmetic needs narrow activations too.
  public func precision(weights: NumberFormat, activations: NumberFormat) -> MultiplyPrecision {
    if weights.isQuantised, !activations.isQuantised {
      if let choice = choices[weights.expansion.name] ?? choices["*quantised"] { return choice }
    }
    return weights.bitsPerElement > activations.bitsPerElement + 1 && !weights.isQuantised
      ? weights.multiply : activations.multiply
  }
}
