/// Finds what someone probably meant by a name that does not exist.
public enum Suggestion {
  /// The nearest names, best first: at most three, and none where nothing is near.
  ///
  /// Neither case nor hyphens matter. Names that begin with the text come before those that differ in one
  /// letter, and then those that contain it, those with all its words, and worse misspellings.
  public static func nearest(_ name: String, among names: some Sequence<String>) -> [String] {
    guard name.utf8.count <= 64 else { return [] }
    let wanted = Spelling(name)
    guard wanted.letters.count > 1 else { return [] }
    var found: [(name: String, tier: Int, distance: Int)] = []
    for candidate in names where !found.contains(where: { $0.name == candidate }) {
      guard let (tier, distance) = wanted.rank(Spelling(candidate)) else { continue }
      found.append((candidate, tier, distance))
    }
    guard let best = found.map(\.tier).min() else { return [] }
    let near = found.filter { $0.tier == best }.sorted {
      ($0.distance, $0.name.utf8.count, $0.name) < ($1.distance, $1.name.utf8.count, $1.name)
    }
    return near.prefix(3).map(\.name)
  }

  /// `did you mean "a"?`, `did you mean "a" or "b"?`; nil where nothing is near.
  static func question(_ name: String, among names: some Sequence<String>) -> String? {
    let near = nearest(name, among: names)
    return near.isEmpty ? nil : "did you mean \(alternatives(near.map { quoted($0) }))?"
  }

  /// Words joined as a choice: `a`, `a or b`, `a, b or c`.
  static func alternatives(_ words: [String]) -> String {
    guard let last = words.last else { return "" }
    let others = words.dropLast().joined(separator: ", ")
    return others.isEmpty ? last : "\(others) or \(last)"
  }

  /// The distance of two words in insertions, deletions, substitutions and swaps of neighbours
  /// (Damerau–Levenshtein, each stretch edited once).
  static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var before = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      current.reserveCapacity(right.count + 1)
      for column in 1...right.count {
        let cost = left[row - 1] == right[column - 1] ? 0 : 1
        var best = min(
          previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          best = min(best, before[column - 2] + 1)
        }
        current.append(best)
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }
}

/// A name without case and separators, and its words.
private struct Spelling {
  let letters: [UInt8]
  let words: [[UInt8]]

  init(_ name: String) {
    words = name.lowercased().utf8.split { " -_./:".utf8.contains($0) }.map(Array.init)
    letters = Array(words.joined())
  }

  /// How near a candidate is: a class of likeness, and the distance in it; nil where it is not near.
  func rank(_ candidate: Spelling) -> (tier: Int, distance: Int)? {
    let extra = candidate.letters.count - letters.count
    if candidate.letters.starts(with: letters) { return (0, extra) }
    // Of two letters, one changed makes another word.
    let allowed = letters.count < 3 ? 0 : letters.count / 3
    let distance =
      abs(extra) > allowed ? Int.max : Suggestion.edits(letters, candidate.letters)
    if distance <= min(1, allowed) { return (1, distance) }
    if letters.count > 2, candidate.letters.contains(letters) { return (2, extra) }
    if let distance = wordDistance(to: candidate) { return (3, distance) }
    if distance <= allowed { return (4, distance) }
    if candidate.letters.count > 3, letters.contains(candidate.letters) { return (5, -extra) }
    return nil
  }

  /// The edits that make each word one of the candidate's; nil where a word has none like it.
  private func wordDistance(to candidate: Spelling) -> Int? {
    var sum = 0
    for word in words {
      let best = candidate.words.map { Suggestion.edits(word, $0) }.min() ?? Int.max
      guard best <= word.count / 4 else { return nil }
      sum += best
    }
    return sum
  }
}
