extension ExpertEntry {
  /// All at hand.
  static let resident = ExpertEntry(
    Technique(
      name: "resident", axis: .experts, form: "resident[:zipf=S|trace=FILE]",
      summary: "Every expert is kept in memory; a step reads those that its tokens touch.",
      equation: "touched = Σ 1 − (1 − p_i)^T; E·(1 − (1 − k/E)^T) where all are as likely",
      conditions: ["All experts fit the memory beside the rest."],
      source: "docs/method.md 1"),
    example: "resident"
  ) { _ in .all }
}
