/// What is left out of a model's weights or of their products: shapes that shrink, or zeros among what stays.
///
/// A technique is one file of this folder and one line in `SparsityList`. What every product of a layer loses is
/// said of the operations that its parts emit, so that a member knows nothing of the mixers it meets.
public protocol Sparsity: Sendable {
  /// Text that parses back to it.
  var name: String { get }

  /// Why a model has nothing to leave out so, and what to do instead; `nil` where it has.
  func refusal(_ model: Model) -> Refusal?

  /// The shapes that are left.
  func applied(to model: Model) -> Model

  /// Whether products of layers change otherwise than by their shapes.
  var changesProducts: Bool { get }

  /// Changes one product of a layer: what of it is stored, read, needed and executed.
  func change(_ product: inout Operation, _ rates: SparseRates)

  /// Stored bits of a weight, indices included, that takes `bits` where it is stored dense.
  func storedBits(_ bits: Double) -> Double

  /// Operations that a block needs beside its own, such as what predicts zeros.
  func extraParts(of block: Block, _ model: Model, _ formats: LayerFormats) -> [any Emitter]

  /// Why less is realised here than on paper, in a few words; `nil` where nothing is lost.
  func loss(_ model: Model, _ choices: ModelChoices) -> String?

  /// What a reader should know of a model pruned so, one sentence each; `dense` has all its shapes.
  func notes(_ dense: Model, _ choices: ModelChoices) -> [String]

  /// Whether outputs are those of the dense model.
  var isLossless: Bool { get }
}

extension Sparsity {
  public func refusal(_ model: Model) -> Refusal? { nil }
  public func applied(to model: Model) -> Model { model }
  public var changesProducts: Bool { false }
  public func change(_ product: inout Operation, _ rates: SparseRates) {}
  public func storedBits(_ bits: Double) -> Double { bits }
  public func extraParts(
    of block: Block, _ model: Model, _ formats: LayerFormats
  ) -> [any Emitter] { [] }
  public func loss(_ model: Model, _ choices: ModelChoices) -> String? { nil }
  public func notes(_ dense: Model, _ choices: ModelChoices) -> [String] { [] }
  public var isLossless: Bool { false }
}

/// What skips zeros: what a chip lists, or everything on paper.
public struct SparseRates: Sendable, Hashable {
  /// Whether every zero is skipped: the gain on paper.
  public var isOnPaper: Bool
  /// How much faster than dense a 2:4 product goes, by the precision in which it is formed; absent where the
  /// chip lists none.
  public var twoOfFour: [MultiplyPrecision: Double]

  /// Nothing skips zeros, unless said otherwise.
  public init(isOnPaper: Bool = false, twoOfFour: [MultiplyPrecision: Double] = [:]) {
    self.isOnPaper = isOnPaper
    self.twoOfFour = twoOfFour
  }
}
