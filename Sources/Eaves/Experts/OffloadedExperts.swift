extension ExpertEntry {
  /// None at hand.
  static let offload = ExpertEntry(
    Technique(
      name: "offload", axis: .experts,
      form: "offload[:all][:zipf=S|trace=FILE][:to=flash][:prefetch=SHARE]",
      summary:
        "Experts lie in the host or in flash, and those that a step touches are fetched for it.",
      equation: "t = t(all at hand) + L·touched·(expert bytes / link + latency)",
      conditions: behindLink,
      source:
        "Eliseev and Mazur 2023, Fast Inference of Mixture-of-Experts Language Models with Offloading, section 3"
    ),
    example: "offload"
  ) { text in
    guard let word = text.text() else { return ExpertChoice.Kept.none }
    return word == "all" ? .noneAtAll : nil
  }
}
