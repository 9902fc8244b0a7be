extension Predicate {
  static let twoOfFour = Predicate(
    "sparse_2_4", "The chip lists a 2:4 rate for the precision, and rows fill its instructions."
  ) { combination in
    notes(combination) { $0 is TwoOfFourSparsity }
  }

  static let structuredOnly = Predicate(
    "structured_only", "Zeros lie in an order that an engine skips; else only storage shrinks."
  ) { combination in
    notes(combination) { $0 is UnstructuredSparsity }
  }

  static let pruned = Predicate(
    "pruned",
    "What is left of shapes fills tiles and whole groups, and a pass needs few of the rows."
  ) { combination in
    notes(combination) { !($0 is TwoOfFourSparsity || $0 is UnstructuredSparsity) }
  }

  /// What the members of the configuration's sparsity that are meant say.
  private static func notes(
    _ combination: Combination, of isMeant: (any Sparsity) -> Bool
  ) -> Verdict? {
    let own = combination.choices.sparsity
    let members = (own as? JoinedSparsity)?.members ?? [own]
    var model = combination.dense
    var notes: [String] = []
    for member in members {
      if isMeant(member) { notes += member.notes(model, combination.choices) }
      model = member.applied(to: model)
    }
    return notes.isEmpty ? nil : .note(notes.joined(separator: "; "))
  }
}
