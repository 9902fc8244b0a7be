import Eaves
import EavesBlocks
import Quantities

/// What the result of a model loses where heads, neurons or layers are dropped, and what is saved.
///
/// Parts are ranked on one text and dropped on another: heads by the norm of their output, neurons by that of their
/// activations, layers by how much they change the residual stream (Men and others 2024, "ShortGPT", takes the angle of
/// that change). Heads and neurons are dropped by layer, as many in each, so that the shapes that are left are those of
/// a model.
public struct PruningStudy: Sendable {
  /// What is dropped.
  public enum Kind: String, Sendable, CaseIterable { case heads, neurons, layers }
  /// What is dropped first: the least important, the most important, or any.
  public enum Order: String, Sendable, CaseIterable { case ranked, random, reversed }

  /// One pruned model.
  public struct Row: Sendable {
    /// What was dropped, how much of it and in which order.
    public let kind: Kind
    public let share: Double
    public let order: Order
    /// ‖y − y₀‖ / ‖y₀‖ in float64, y₀ of the whole model.
    public let error: Double
    /// Weights of the layers that are left.
    public let parameters: Double
    /// Matrix FLOPs of a pass over the text, whole tiles.
    public let flop: Double
    /// Bytes of keys and values of the text in float32.
    public let kvBytes: Double
  }

  /// Shares that are dropped.
  public static let shares = [0, 0.25, 0.5, 0.75]
  let model: PrunableModel
  private let text: [Double]
  private let reference: [Double]
  private let ranking: PrunedRun<Double>

  /// Runs the whole model on both texts.
  /// - Throws: `KernelError` where a kernel does not run its operation: a fault of ours.
  public init(_ model: PrunableModel = PrunableModel()) throws(KernelError) {
    self.model = model
    text = model.text(seed: 3)
    reference = try PrunedRun<Double>(model, model.whole, text: text).output
    ranking = try PrunedRun<Double>(model, model.whole, text: model.text(seed: 2))
  }

  /// All kinds, orders and shares.
  /// - Throws: `KernelError` where a kernel does not run its operation: a fault of ours.
  public func rows() throws(KernelError) -> [Row] {
    var rows: [Row] = []
    for kind in Kind.allCases {
      for order in Order.allCases {
        for share in Self.shares { rows.append(try row(kind, order, share)) }
      }
    }
    return rows
  }

  /// One pruned model.
  func row(_ kind: Kind, _ order: Order, _ share: Double) throws(KernelError) -> Row {
    let kept = kept(kind, order, share)
    let run = try PrunedRun<Double>(model, kept, text: text)
    var parameters = 0.0
    for operation in run.operations {
      for index in 0..<operation.operandCount where operation.operands[index].role == .weights {
        parameters += operation.operands[index].residentElements
      }
    }
    var kvBytes = 0.0
    for layer in kept.layers {
      let left = model.size.layer(
        heads: kept.heads[layer].count, neurons: kept.neurons[layer].count)
      kvBytes += try left.kvCacheBytes(tokens: model.size.tokens)
    }
    return Row(
      kind: kind, share: share, order: order,
      error: KernelCheck.relativeError(of: run.output, against: reference),
      parameters: parameters,
      flop: run.operations.reduce(0) { $0 + $1.work.executedMatrix.value }, kvBytes: kvBytes)
  }

  /// What is left without a share of one kind.
  func kept(_ kind: Kind, _ order: Order, _ share: Double) -> PrunableModel.Kept {
    var kept = model.whole
    var generator = SplitMix64(seed: 4)
    func left(_ importance: [Double]) -> [Int] {
      let drawn = importance.map { _ in generator.next() }
      let first = importance.indices.sorted {
        switch order {
        case .ranked: importance[$0] < importance[$1]
        case .reversed: importance[$0] > importance[$1]
        case .random: drawn[$0] < drawn[$1]
        }
      }
      let dropped = Int((share * Double(importance.count)).rounded())
      return first.dropFirst(dropped).sorted()
    }
    switch kind {
    case .heads: kept.heads = ranking.headNorms.map(left)
    case .neurons: kept.neurons = ranking.neuronNorms.map(left)
    case .layers: kept.layers = left(ranking.layerChanges)
    }
    return kept
  }
}
