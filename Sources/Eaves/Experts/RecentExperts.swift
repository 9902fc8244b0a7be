extension ExpertEntry {
  /// Those used last.
  static let lru = ExpertEntry(
    Technique(
      name: "lru", axis: .experts,
      form: "lru:N[:uniform|zipf=S|trace=FILE][:to=flash][:prefetch=SHARE]",
      summary:
        "N experts of each layer are kept, those used last; others are fetched and take their place.",
      equation:
        "found = 1/k·Σ max(0, N − j)/(E − j) over j < k of one token, uniform; else a trace is played",
      conditions: behindLink + [
        "Experts of a step are looked up one after another, and each takes its place at once."
      ],
      source:
        "Eliseev and Mazur 2023, Fast Inference of Mixture-of-Experts Language Models with Offloading, section 3.1"
    ),
    example: "lru:4:zipf=1.0"
  ) { text in text.text().flatMap(Int.init).flatMap { $0 > 0 ? .recent($0) : nil } }
}
