/// Turns text into the tokens of a vocabulary by joining pairs of bytes.
///
/// Source: Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword Units", section
/// 3.2; letters for bytes as in GPT-2's `bytes_to_unicode`.
public struct BytePairs: Sendable {
  private let vocabulary: Vocabulary
  private let numbers: [String: Int]
  /// The rank of a pair, written with a blank between its parts.
  private let ranks: [String: Int]

  /// What turns text into the tokens of a vocabulary.
  public init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    numbers = Dictionary(
      vocabulary.tokens.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    ranks = Dictionary(
      vocabulary.merges.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The tokens of a text, without one that begins it.
  /// - Parameters:
  ///   - text: the text.
  ///   - limit: how many are wanted at most.
  /// - Returns: numbers of tokens; a byte that the vocabulary lacks is left out.
  public func tokens(of text: String, atMost limit: Int = .max) -> [Int] {
    var tokens: [Int] = []
    var known: [Substring: [Int]] = [:]
    for line in Self.pieces(of: text) {
      for word in vocabulary.cut.words(of: line) {
        let found = known[word] ?? self.tokens(ofWord: word)
        known[word] = found
        tokens += found
        if tokens.count >= limit { return Array(tokens.prefix(limit)) }
      }
    }
    return tokens
  }

  /// A text in pieces that end where every cut ends a word: between one end of a line and a letter.
  private static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var piece = String.UnicodeScalarView()
    var count = 0
    var isLineEnd = false
    var isBlank = true
    for scalar in text.unicodeScalars {
      if isLineEnd, count > 4096, scalar.properties.isAlphabetic {
        pieces.append(String(piece))
        piece = String.UnicodeScalarView()
        count = 0
      }
      isLineEnd = scalar == "\n" && !isBlank
      isBlank = scalar.properties.isWhitespace
      piece.append(scalar)
      count += 1
    }
    pieces.append(String(piece))
    return pieces
  }

  private func tokens(ofWord word: Substring) -> [Int] {
    let letters = word.utf8.map { Self.letters[Int($0)] }
    if vocabulary.cut.keepsWholeWords, let whole = numbers[letters.joined()] { return [whole] }
    return joined(letters).flatMap { part in
      numbers[part].map { [$0] } ?? part.compactMap { numbers[String($0)] }
    }
  }

  /// Joins the pair of the lowest rank, the first of several, until none is left.
  private func joined(_ letters: [String]) -> [String] {
    var parts = letters
    while parts.count > 1 {
      var best: (rank: Int, place: Int)?
      for place in 0..<parts.count - 1 {
        guard let rank = ranks["\(parts[place]) \(parts[place + 1])"] else { continue }
        if rank < best?.rank ?? .max { best = (rank, place) }
      }
      guard let best else { return parts }
      parts[best.place] += parts[best.place + 1]
      parts.remove(at: best.place + 1)
    }
    return parts
  }

  /// The letter that stands for each byte: itself where it can be printed, else one from U+0100 on.
  static let letters: [String] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) in
      let isPrinted = (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174
      defer { if !isPrinted { next += 1 } }
      return String(Unicode.Scalar(isPrinted ? byte : next).map(Character.init) ?? "?")
    }
  }()
}
