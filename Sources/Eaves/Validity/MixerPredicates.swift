extension Predicate {
  static let fixedLength = Predicate(
    "fixed_nmax",
    "Mixers with tables of a fixed length get no longer texts, and those without a causal form no decoder."
  ) { combination in
    let causal = combination.model.kind.isCausal
    let step = causal ? Step.prefill(1) : .encode(1)
    for block in combination.model.blocks.values {
      for mixer in block.mixers {
        if let (problem, remedy) = mixer.shape.refusal(step, causal: causal) {
          return .refused(.model, Refusal(problem, remedy: remedy))
        }
      }
    }
    return nil
  }

  static let statePrecision = Predicate(
    "state_precision", "Recurrent states stay in 32 bits: low-bit formats of the cache leave them."
  ) { combination in
    guard combination.choices.kv.isQuantised, combination.hasState else { return nil }
    return .note("recurrent states stay in 32 bits")
  }

  static let lossless = Predicate(
    "lossless", "Whether outputs are those of the same model with a full cache and dense attention."
  ) { combination in
    var changes: [String] = []
    if let pattern = combination.choices.pattern, !pattern.isTrainedIn,
      combination.attention.contains(where: { $0.pattern.name == pattern.name }),
      !(pattern is Causal), !(pattern is Bidirectional)
    {
      changes.append(pattern.name)
    }
    if combination.model.kind.keepsCache {
      let names = Set(combination.attention.map(\.cache).filter { !$0.isLossless }.map(\.name))
      changes += names.sorted().filter { !changes.contains($0) }
    }
    if !combination.choices.sparsity.isLossless {
      changes.append(combination.choices.sparsity.name)
    }
    guard !changes.isEmpty else { return nil }
    return .note("\(changes.joined(separator: " and ")) may change what the model says")
  }
}
