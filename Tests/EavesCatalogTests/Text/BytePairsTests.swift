import Foundation
import Testing

@testable import EavesCatalog

/// Text to tokens, against the `tokenizers` package (Fixtures/language/make.py).
@Suite struct BytePairsTests {
  private struct Expected: Decodable {
    let tokens: [String]
    let merges: [String]
    let samples: [String]
    let encoded: [String: [[Int]]]
  }

  private static let folder: String = {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Fixtures/language/"
  }()

  private static func expected() throws -> Expected {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "expected.json"))
    return try JSONDecoder().decode(Expected.self, from: data)
  }

  @Test(arguments: ["gpt-2", "smollm", "llama-bpe", "qwen2"])
  func tokensAreThoseOfTheLibrary(name: String) throws {
    let expected = try Self.expected()
    let cut = try #require(TextCut(named: name))
    let pairs = BytePairs(
      Vocabulary(tokens: expected.tokens, merges: expected.merges, cut: cut, first: nil))
    let text = try TextFile.read(path: Self.folder + "talk.txt")
    for (sample, tokens) in zip(expected.samples + [text], expected.encoded[name] ?? []) {
      #expect(pairs.tokens(of: sample) == tokens, "\(sample)")
    }
    #expect(pairs.tokens(of: text, atMost: 7).count == 7)
  }

  /// A long text is cut into pieces where words end anyway.
  @Test(arguments: TextCut.allCases)
  func longTextsAreThoseOfTheirParts(cut: TextCut) throws {
    let text = try TextFile.read(path: Self.folder + "talk.txt")
    let long = String(repeating: text + "\n \n", count: 12)
    let expected = try Self.expected()
    let pairs = BytePairs(
      Vocabulary(tokens: expected.tokens, merges: expected.merges, cut: cut, first: nil))
    let whole = cut.words(of: long).flatMap { pairs.tokens(of: String($0)) }
    #expect(pairs.tokens(of: long) == whole)
  }

  /// Nothing of a text is lost, whatever the cut.
  @Test(arguments: TextCut.allCases)
  func wordsMakeUpTheText(cut: TextCut) throws {
    for sample in try Self.expected().samples {
      #expect(cut.words(of: sample).joined() == sample)
    }
    #expect(cut.words(of: "a 12 bé").count > 2)
  }

  @Test func everyByteHasALetterOfItsOwn() {
    #expect(Set(BytePairs.letters).count == 256)
    #expect(BytePairs.letters[65] == "A" && BytePairs.letters[32] == "Ġ")
  }

  @Test func vocabulariesOfFiles() throws {
    let expected = try Self.expected()
    let files = try WeightFiles(path: Self.folder + "qwen3.gguf")
    let vocabulary = try Vocabulary(files)
    #expect(vocabulary.tokens == expected.tokens && vocabulary.merges == expected.merges)
    #expect(vocabulary.cut == .llama3 && vocabulary.first == 5)
    #expect(try Vocabulary(WeightFiles(path: Self.folder + "llama.gguf")).first == nil)
  }

  /// Files without byte-level pairs are refused with what to do.
  @Test func otherVocabulariesAreRefused() throws {
    let weights = Self.folder + "../weights/"
    for name in ["tiny.gguf", "tiny.safetensors"] {
      let files = try WeightFiles(path: weights + name)
      let error = try #require(throws: DataError.self) { try Vocabulary(files) }
      #expect(!error.remedy.isEmpty && error.description.contains(name))
    }
  }
}
