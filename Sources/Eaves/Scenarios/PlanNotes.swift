import Quantities

/// The sentences of the `note` column: what no step changes is written once.
struct PlanNotes: Sendable {
  private let fixed: String
  private let maxContext: Int

  init(_ machine: Machine, _ model: CompiledModel) {
    maxContext = model.model.maxContext
    var sentences: [String] = []
    let activations = model.choices.activations
    let precision = activations.multiply
    if let used = machine.engine(for: precision) {
      if used.engine.kind == .vector {
        sentences.append("matrix work runs on the vector engine \(used.engine.id)")
      } else if used.rate != precision {
        sentences.append("\(precision.rawValue) products run at the \(used.rate.rawValue) rate")
      }
    }
    if !machine.costsVectorWork { sentences.append("no vector rate: element-wise work not costed") }
    if !machine.costsSpecialWork {
      sentences.append("no special-function rate: exp not costed")
    }
    if machine.profile.isFallback, machine.runtime.id != "ideal" {
      sentences.append("\(machine.runtime.id) was not fitted on \(machine.chip.family)")
    }
    sentences += model.cacheNotes
    if !model.model.isVerified { sentences.append("model shapes unverified") }
    fixed = sentences.joined(separator: "; ")
  }

  func text(context: Int, footprint: Footprint) -> String {
    if footprint.fits != false, footprint.capacity != nil, context <= maxContext { return fixed }
    var sentences = fixed.isEmpty ? [] : [fixed]
    if footprint.fits == false, let capacity = footprint.capacity {
      sentences.insert(
        "does not fit: needs \(footprint.total.displayBinary) of \(capacity.displayBinary)", at: 0)
    }
    if footprint.capacity == nil { sentences.append("capacity of main memory unknown") }
    if context > maxContext {
      sentences.append("context is past the model's maximum of \(TokenCount.display(maxContext))")
    }
    return sentences.joined(separator: "; ")
  }
}
