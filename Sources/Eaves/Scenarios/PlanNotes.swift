import Quantities

/// The sentences of the `note` column: what no step changes is written once.
struct PlanNotes: Sendable {
  private let fixed: String
  private let maxContext: Int
  /// Whether the model's own limit of the context is one; a recurrent model has seen no longer texts.
  private let limitsContext: Bool
  /// Mixers with tables of a fixed length: past it they have no answer.
  private let fixedLength: [any MixerShape]
  private let isCausal: Bool

  init(
    _ machine: Machine, _ model: CompiledModel, _ decoding: any Decoding, _ known: [String]
  ) {
    maxContext = model.model.maxContext
    limitsContext = model.keepsTokens || !model.model.kind.keepsCache
    isCausal = model.model.kind.isCausal
    let causal = isCausal
    fixedLength = model.model.blocks.values.flatMap(\.mixers).map(\.shape).filter {
      $0.refusal(.encode(1 << 30), causal: causal) != nil
    }
    var sentences: [String] = []
    if !machine.costsVectorWork { sentences.append("no vector rate: element-wise work not costed") }
    if !machine.costsSpecialWork {
      sentences.append("no special-function rate: exp not costed")
    }
    if machine.profile.isFallback, machine.runtime.id != "ideal" {
      sentences.append("\(machine.runtime.id) was not fitted on \(machine.chip.family)")
    }
    sentences += known
    if let tokens = model.model.fixedTokens {
      sentences.append("an image is \(tokens) tokens, whatever the context")
    }
    if let note = decoding.note { sentences.append(note) }
    // What a predicate has said of a cache is not said again.
    sentences += model.cacheNotes.filter { !known.contains($0) }
    sentences += model.expertNotes(machine)
    if !model.model.isVerified { sentences.append("model shapes unverified") }
    fixed = sentences.joined(separator: "; ")
  }

  func text(context: Int, footprint: Footprint) -> String {
    if footprint.fits != false, footprint.capacity != nil, context <= maxContext,
      fixedLength.isEmpty
    {
      return fixed
    }
    var sentences = fixed.isEmpty ? [] : [fixed]
    let step = isCausal ? Step.prefill(context) : .encode(context)
    if let (problem, _) = fixedLength.lazy.compactMap({ $0.refusal(step, causal: isCausal) }).first
    {
      sentences.insert("on paper only: \(problem)", at: 0)
    }
    if footprint.fits == false, let capacity = footprint.capacity {
      sentences.insert(
        "does not fit: needs \(footprint.total.displayBinary) of \(capacity.displayBinary)", at: 0)
    }
    if footprint.capacity == nil { sentences.append("capacity of main memory unknown") }
    if context > maxContext {
      let most = TokenCount.display(maxContext)
      sentences.append(
        limitsContext
          ? "context is past the model's maximum of \(most)"
          : "context is past the \(most) tokens that the model was trained on")
    }
    return sentences.joined(separator: "; ")
  }
}
