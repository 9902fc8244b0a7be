/// How a text is cut into words before byte pairs are joined inside them.
///
/// Source: the regular expressions of `llama-vocab.cpp` of ggml-org/llama.cpp, which are those of the models' own
/// tokenizers.
enum TextCut: String, Sendable, CaseIterable {
  /// Contractions, words, numbers and marks, each with the blank before it (GPT-2).
  case gpt2
  /// The same, with every digit by itself (StarCoder, SmolLM).
  case digits
  /// Numbers in groups of up to three digits, line ends with the marks before them (Llama 3).
  case llama3
  /// The same, with every digit by itself (Qwen 2).
  case qwen2

  /// The cut of a name in `tokenizer.ggml.pre`; `nil` for one that is not known.
  init?(named name: String) {
    switch name {
    case "gpt-2", "phi-2", "olmo", "jais", "mpt": self = .gpt2
    case "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b":
      self = .digits
    case "llama-bpe", "llama3", "llama-v3", "falcon3": self = .llama3
    case "qwen2", "stablelm2", "deepseek-r1-qwen", "hunyuan": self = .qwen2
    default: return nil
    }
  }

  /// Some names, for messages.
  static let names = "gpt-2, smollm, llama-bpe or qwen2 in tokenizer.ggml.pre"

  /// Whether texts begin with a token of their own where the file does not say it.
  var beginsWithToken: Bool { self == .llama3 }

  /// Whether a word that is a token by itself stays whole, whatever its pairs.
  var keepsWholeWords: Bool { self == .llama3 }

  private static let words =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  private static func grouped(_ digits: String) -> String {
    #"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|"#
      + digits + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }

  /// The expressions that are applied one after the other, each to the pieces of the one before.
  private var expressions: [String] {
    switch self {
    case .gpt2: [Self.words]
    case .digits: [#"\p{N}"#, Self.words]
    case .llama3: [Self.grouped(#"\p{N}{1,3}"#)]
    case .qwen2: [Self.grouped(#"\p{N}"#)]
    }
  }

  /// The words of a text; joined they are the text.
  func words(of text: String) -> [Substring] {
    var pieces = [text[...]]
    for expression in expressions {
      // The expressions are constants, which a test compiles one by one.
      guard let regex = try? Regex(expression).matchingSemantics(.unicodeScalar) else { continue }
      pieces = pieces.flatMap { Self.split($0, regex) }
    }
    return pieces
  }

  /// Matches, and what stands between them.
  private static func split(_ piece: Substring, _ regex: Regex<AnyRegexOutput>) -> [Substring] {
    var parts: [Substring] = []
    var place = piece.startIndex
    for match in piece.matches(of: regex) where !match.range.isEmpty {
      if place < match.range.lowerBound { parts.append(piece[place..<match.range.lowerBound]) }
      parts.append(piece[match.range])
      place = match.range.upperBound
    }
    if place < piece.endIndex { parts.append(piece[place...]) }
    return parts
  }
}
