/// The order in which llama.cpp's quantiser meets the tensors of a model, and what it knows of all of them.
///
/// It counts values (and fused matrices of queries, keys and values) and down projections in the order of the file,
/// and takes head sharing from the first layer and experts from the whole model.
public struct FileOrder: Sendable {
  /// The number of the layer's values, and how many layers have some.
  private let values: [Int]
  private let valueCount: Int
  /// The number of the layer's first down projection.
  private let downs: [Int]
  private let experts: Int
  private let sharing: Int
  private let isFused: Bool
  private let isFalcon: Bool

  /// The order of a model's tensors.
  public init(_ model: Model) {
    var values: [Int] = []
    var downs: [Int] = []
    var (value, down) = (0, 0)
    for name in model.layers {
      values.append(value)
      downs.append(down)
      guard let block = model.blocks[name] else { continue }
      if block.hasFileValues(hidden: model.hiddenSize) { value += 1 }
      if let part = block.feedForward { down += part.sharedSize > 0 ? 2 : 1 }
    }
    self.values = values
    self.downs = downs
    valueCount = value
    experts = model.blocks.values.map { $0.feedForward?.experts ?? 0 }.max() ?? 0
    let first = model.layers.first.flatMap { model.blocks[$0] }
    // Files of delta nets state one number for all layers, others none where a layer has no heads.
    let isStatedOnce = first?.mixers.contains { $0.shape is GatedDeltaNet } ?? false
    let attention =
      isStatedOnce
      ? model.layers.lazy.compactMap { model.blocks[$0]?.attention }.first : first?.attention
    sharing = attention.map { $0.heads / max(1, $0.kvHeads) } ?? 0
    isFalcon = model.family == "falcon" && model.norm == .layernorm
    // One matrix of queries, keys and values in files of these.
    isFused =
      isFalcon || ["gpt2", "gpt-neox", "bloom", "codeshell", "mpt"].contains(model.family)
      || (model.family == "phi" && model.norm == .rmsnorm)
  }

  /// Adds what is known of a tensor's place.
  public func complete(_ place: inout TensorPlace) {
    place.experts = experts
    place.sharing = sharing
    place.file.isFused = isFused
    place.file.isFalcon = isFalcon
    guard values.indices.contains(place.layer) else { return }
    switch place.file.role ?? place.role {
    case .query, .key, .value:
      place.file.index = values[place.layer]
      place.file.count = valueCount
    case .gate, .up: place.file.index = downs[place.layer]
    case .down:
      // In a layer the experts stand before the part that every token uses.
      place.file.index = downs[place.layer] + (experts > 0 && !place.isExpert ? 1 : 0)
    default: break
    }
  }
}

extension Block {
  /// Whether a file has values of this layer in a tensor of their own, or in one with queries and keys.
  fileprivate func hasFileValues(hidden: Int) -> Bool {
    attention != nil
      || mixers.contains { mixer in
        mixer.shape.fileTensors(hidden: hidden).contains { $0.seenAs == .value }
      }
  }
}
