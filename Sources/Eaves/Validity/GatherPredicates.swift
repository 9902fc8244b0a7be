extension Predicate {
  static let gatherSupport = Predicate(
    "gather_support", "The engine reads scattered pieces of memory itself, as GPUs and CPUs do."
  ) { combination in
    guard combination.runsOnFixedArrays,
      let attention = combination.attention.first(where: { $0.pattern.gatherRun != nil })
    else { return nil }
    return .note(
      "whether \(combination.machine.chip.id) gathers the keys of \(attention.pattern.name) is not in its "
        + "profile: without that the pattern is on paper only, and attention dense")
  }
}

extension Predicate.Combination {
  /// Whether products of the activations run on a unit whose programs are laid out beforehand.
  fileprivate var runsOnFixedArrays: Bool {
    guard let used = machine.engine(for: choices.activations.multiply) else { return false }
    return used.engine.unit == .npu || used.engine.unit == .dla || used.engine.unit == .dsp
  }
}
