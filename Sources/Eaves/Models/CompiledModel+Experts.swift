import Quantities

extension CompiledModel {
  /// The parts whose experts are not kept as usual, with the layers that have them.
  private var placed: [(part: PlacedExperts, layers: Int)] {
    parts.compactMap { part in (part.part as? PlacedExperts).map { ($0, part.repeats) } }
  }

  /// What a reader should know of where experts are: what one token finds, and what lies elsewhere.
  func expertNotes(_ machine: Machine) -> [String] {
    let placed = placed
    guard let first = placed.first, choices.experts.kept != .all else { return [] }
    var sentences: [String] = []
    if case .recent(let count) = choices.experts.kept {
      let touched = first.part.traffic.touched(tokens: 1)
      let share = 1 - first.part.traffic.missing(tokens: 1) / touched
      sentences.append(
        "one token finds \(significant(100 * share)) % of its experts among \(count) a layer")
    }
    let elsewhere = placed.reduce(Bytes.zero) { sum, entry in
      let shape = entry.part.experts.shape
      let own = Double(shape.experts) / Double(max(1, shape.expertDevices))
      let away = max(0, own - entry.part.traffic.resident)
      return sum + entry.part.expertBytes * away * Double(entry.layers)
    }
    if elsewhere > .zero {
      let place = choices.experts.peer == .host ? "the host" : "storage"
      let port = machine.port(to: choices.experts.peer)?.id ?? "a link"
      sentences.append("\(elsewhere.displayBinary) of experts lie in \(place), behind \(port)")
    }
    return sentences
  }
}
