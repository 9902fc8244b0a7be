import Quantities

extension ResultRow {
  /// Sets the speedups against a baseline, and says in the note why they differ.
  ///
  /// On paper: the ratio of the lower bounds, what fewer FLOPs and bytes would give at the chip's peaks.
  /// Realised: the ratio of the expected times under the runtime.
  public mutating func compare(to baseline: borrowing ResultRow) {
    guard hasTimes, baseline.hasTimes else { return }
    let paper = baseline.cost.lower / cost.lower
    let realised = baseline.cost.expected / cost.expected
    paperSpeedup = paper
    realisedSpeedup = realised
    guard abs(paper / realised - 1) > 0.05 else { return }
    add(note: "\(significant(realised))× realised of \(significant(paper))× on paper: \(reason)")
  }

  /// Appends a sentence to the note.
  public mutating func add(note sentence: String) {
    note = note.isEmpty ? sentence : "\(note); \(sentence)"
  }

  /// Why the expected time is not what the lower bound promises.
  private var reason: String {
    let fixed = cost.seconds(limitedBy: .overhead) / cost.expected
    if fixed > 0.2 {
      return
        "fixed times of \(labels.runtime) are \(significant(100 * fixed, digits: 2)) % of the step"
    }
    switch bound {
    case .dequantisation(let engine): return "expanding the weights on \(engine) takes longest"
    case .compute(let engine):
      return "arithmetic on \(engine) takes longest, which the change leaves"
    case .memory(let level):
      return "the achieved share of \(level) bandwidth and what else is moved"
    case .overhead, .link, .capacity: return "fixed times of \(labels.runtime)"
    }
  }
}
