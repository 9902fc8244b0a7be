import Quantities

extension Predicate.Combination {
  init(_ machine: Machine, _ model: CompiledModel, dense: Model) {
    self.machine = machine
    self.dense = model.choices.attention?.applied(to: dense) ?? dense
    self.model = model.model
    choices = model.choices
    attention = model.groups.flatMap(\.mixers).compactMap { $0 as? SoftmaxAttention }
    hasState = model.stateBytes(batch: 1) > .zero
    weightBytes = model.inventory.weightBytes
  }

  /// What the way of sharing work says of this model, where it is one of some.
  fileprivate func spreadingNote(
    where isMeant: (any Spreading) -> Bool
  ) -> Predicate.Verdict? {
    guard let spreading = choices.spreading, isMeant(spreading) else { return nil }
    return spreading.note(model, choices, machine).map { .note($0) }
  }

  /// The patterns that the model's layers have themselves.
  fileprivate var ownPatterns: Set<String> {
    Set(
      model.blocks.values.compactMap { block in
        block.attention.flatMap { $0.pattern ?? $0.window.map { SlidingWindow($0).name } }
      })
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
    let asked = combination.choices.interleaving?.name
    guard let name = asked ?? combination.askedPattern.flatMap({ $0.isTrainedIn ? $0.name : nil }),
      !combination.ownPatterns.contains(name)
    else { return nil }
    return .note("\(name) means something only for a model trained with it")
  }

  static let headSharing = Predicate(
    "trained_in(attention)", "Heads and layers share what they shared in training."
  ) { combination in
    guard let sharing = combination.choices.attention else { return nil }
    return .note("\(sharing.name) means something only for a model trained with it")
  }

  static let overlaps = Predicate(
    "overlap_ok", "Attention takes longer than the keys that go round a ring meanwhile."
  ) { $0.spreadingNote { $0 is RingParallel } }

  static let repeatsHeads = Predicate(
    "kv_replicated", "More devices than KV heads keep some of them twice."
  ) { $0.spreadingNote { $0 is TensorParallel } }

  static let spreadsEvenly = Predicate(
    "spreads_evenly", "Devices share work that there is enough of."
  ) { $0.spreadingNote { !($0 is RingParallel || $0 is TensorParallel) } }

  static let gathers = Predicate(
    "gather_granularity",
    "Pieces of the cache that are read are no smaller than what memory reads at once."
  ) { combination in
    let level = combination.machine.mainLevel
    guard combination.machine.granularity > 0, combination.choices.schedule != .materialised,
      let attention = combination.attention.first(where: { $0.pattern.gatherRun != nil })
    else { return nil }
    let piece = attention.pieceBytes
    guard piece > 0, piece < combination.machine.granularity else { return nil }
    return .note(
      "\(attention.pattern.name) reads pieces of \(Int(piece)) B where \(level.id) reads "
        + "\(Int(combination.machine.granularity)) B at once")
  }
}
