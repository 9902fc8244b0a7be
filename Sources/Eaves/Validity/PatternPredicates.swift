extension Predicate.Combination {
  init(_ machine: Machine, _ model: CompiledModel) {
    self.machine = machine
    self.model = model.model
    choices = model.choices
    attention = model.groups.flatMap(\.mixers).compactMap { $0 as? SoftmaxAttention }
  }

  /// A pattern that the configuration asks for instead of the model's own.
  fileprivate var askedPattern: (any Pattern)? { choices.pattern }
}

extension Predicate {
  static let causalOK = Predicate(
    "causal_ok", "A decoder's pattern has a causal form: no token reads a later one."
  ) { combination in
    guard combination.model.kind.isCausal, let pattern = combination.askedPattern,
      !pattern.isCausal
    else { return nil }
    return .refused(
      .pattern,
      Refusal(
        "\(pattern.name) lets tokens read later ones, which \(combination.model.id) generates",
        remedy: "take a causal pattern, such as window:4096, sinks:4+1020 or strided:128"))
  }

  static let bidirectionalOK = Predicate(
    "bidirectional_ok", "An encoder's pattern lets tokens read both ways."
  ) { combination in
    guard !combination.model.kind.isCausal, let pattern = combination.askedPattern,
      pattern.isCausal
    else { return nil }
    return .refused(
      .pattern,
      Refusal(
        "\(pattern.name) hides later tokens, which \(combination.model.id) reads",
        remedy: "take a bidirectional pattern, such as local:256, longformer:512:global=1"))
  }

  static let trainedIn = Predicate(
    "trained_in", "What changes which keys exist or are read was there in training."
  ) { combination in
    guard let pattern = combination.askedPattern, pattern.isTrainedIn else { return nil }
    let own = combination.attention.contains { $0.pattern.name != pattern.name }
    return own
      ? .note("\(pattern.name) means something only for a model trained with it") : nil
  }

  static let headSharing = Predicate(
    "trained_in(attention)", "Heads and layers share what they shared in training."
  ) { combination in
    guard let sharing = combination.choices.attention else { return nil }
    return .note("\(sharing.name) means something only for a model trained with it")
  }

  static let spread = Predicate(
    "overlap_ok, kv_replicated", "Devices share evenly, and what they send is hidden or counted."
  ) { combination in
    guard let spreading = combination.choices.spreading else { return nil }
    return spreading.note(combination.model, combination.choices, combination.machine)
      .map { .note($0) }
  }

  static let exposesProbabilities = Predicate(
    "exposes_probs", "A policy that ranks entries by attention gets the probabilities."
  ) { combination in
    let policies = combination.attention.map(\.cache)
    guard combination.model.kind.keepsCache,
      let policy = policies.first(where: \.needsProbabilities),
      combination.choices.schedule != .materialised
    else { return nil }
    return .note(
      "\(policy.name) ranks entries by attention weights, which \(combination.choices.schedule.rawValue)"
        + " does not hand out: an extra pass over the keys")
  }
}
