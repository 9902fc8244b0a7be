/// What a kind of sparsity leaves out of a model, for whoever carries it out.
public enum Omission: Sendable, Hashable {
  /// A share of the weights of every matrix, wherever they are.
  case weights(share: Double)
  /// Two of each four neighbouring weights.
  case twoOfFour
  /// So many heads of each layer, whole groups first unless they are spread over all groups.
  case heads(Int, groups: Int)
  /// So many feed-forward columns of each layer.
  case neurons(Int)
  /// So many layers.
  case layers(Int)
  /// A share of the neurons of each token.
  case activations(share: Double)
}

extension Sparsity {
  /// What is left out of a model whose layers are all alike, in order.
  public func omissions(in model: Model) -> [Omission] {
    let block = model.layers.first.flatMap { model.blocks[$0] }
    switch self {
    case let joined as JoinedSparsity:
      return joined.members.flatMap { $0.omissions(in: model) }
    case let unstructured as UnstructuredSparsity: return [.weights(share: unstructured.share)]
    case is TwoOfFourSparsity: return [.twoOfFour]
    case let heads as HeadPruning:
      guard let attention = block?.attention else { return [] }
      let kept = heads.kept(heads: attention.heads, groups: attention.kvHeads)
      return [
        .heads(attention.heads - kept.heads, groups: attention.kvHeads - kept.groups)
      ]
    case let neurons as NeuronPruning:
      guard let part = block?.feedForward else { return [] }
      return [.neurons(part.size - neurons.kept(part.size))]
    case let layers as LayerPruning:
      return [.layers(model.layers.count - layers.kept(of: model.layers.count).count)]
    case let activations as ActivationSparsity: return [.activations(share: activations.share)]
    default: return []
    }
  }
}
