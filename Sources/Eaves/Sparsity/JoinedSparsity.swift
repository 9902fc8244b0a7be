/// Several kinds at once: shapes shrink one after the other, and what is left changes its products in turn.
struct JoinedSparsity: Sparsity {
  let members: [any Sparsity]

  var name: String { members.map(\.name).joined(separator: "+") }
  var changesProducts: Bool { members.contains { $0.changesProducts } }
  var isLossless: Bool { members.allSatisfy { $0.isLossless } }

  func refusal(_ model: Model) -> Refusal? {
    let stored = members.filter { $0 is UnstructuredSparsity || $0 is TwoOfFourSparsity }
    if stored.count > 1 {
      return Refusal(
        "weights are stored in one way: \(stored.map(\.name).joined(separator: " or "))",
        remedy: "write one of them")
    }
    var model = model
    for member in members {
      if let refusal = member.refusal(model) { return refusal }
      model = member.applied(to: model)
    }
    return nil
  }

  func applied(to model: Model) -> Model { members.reduce(model) { $1.applied(to: $0) } }

  func change(_ product: inout Operation, _ rates: SparseRates) {
    for member in members where member.changesProducts { member.change(&product, rates) }
  }

  func storedBits(_ bits: Double) -> Double { members.reduce(bits) { $1.storedBits($0) } }

  func extraParts(of block: Block, _ model: Model, _ formats: LayerFormats) -> [any Emitter] {
    members.flatMap { $0.extraParts(of: block, model, formats) }
  }

  func loss(_ model: Model, _ choices: ModelChoices) -> String? {
    members.lazy.compactMap { $0.loss(model, choices) }.first
  }

  func notes(_ dense: Model, _ choices: ModelChoices) -> [String] {
    var model = dense
    var notes: [String] = []
    for member in members {
      notes += member.notes(model, choices)
      model = member.applied(to: model)
    }
    return notes
  }
}
