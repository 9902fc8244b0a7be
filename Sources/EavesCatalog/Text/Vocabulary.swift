import Eaves

/// The tokens of a language model and how text becomes them, as its GGUF file states it.
///
/// Source: section "Tokenizer" of docs/gguf.md of ggml-org/ggml.
public struct Vocabulary: Sendable {
  /// Every token, in the order of the embedding table, in the letters that stand for bytes.
  public let tokens: [String]
  /// Pairs that become one token, the first first.
  let merges: [String]
  /// How text is cut before pairs are joined.
  let cut: TextCut
  /// The token that begins every text, where the model was trained with one.
  public let first: Int?

  private static let prefix = "tokenizer.ggml."

  /// A vocabulary of given tokens and pairs.
  init(tokens: [String], merges: [String], cut: TextCut, first: Int?) {
    self.tokens = tokens
    self.merges = merges
    self.cut = cut
    self.first = first
  }

  /// Reads the vocabulary of a model.
  /// - Parameter files: its files.
  /// - Throws: `DataError` for a file that is no GGUF, has no vocabulary, or one whose text is cut in a way that
  ///   is not known here.
  public init(_ files: WeightFiles) throws(DataError) {
    guard files.metadata != nil else {
      throw DataError(
        file: files.path, "has no vocabulary: safetensors hold tensors alone",
        remedy: "name a GGUF file of the model")
    }
    let metadata = try GGUFMetadata(files)
    func wrong(_ key: String, _ problem: String) -> DataError {
      DataError(
        file: files.path, field: Self.prefix + key, problem,
        remedy: "choose a model with byte-level pairs (\(TextCut.names))")
    }
    let kind = metadata.text(Self.prefix + "model") ?? "missing"
    guard kind == "gpt2" else { throw wrong("model", "found \(quoted(kind))") }
    let name = metadata.text(Self.prefix + "pre") ?? "missing"
    guard let cut = TextCut(named: name) else { throw wrong("pre", "found \(quoted(name))") }
    self.cut = cut
    let lists = try Self.lists(of: files.path)
    guard let tokens = lists["tokens"], !tokens.isEmpty else { throw wrong("tokens", "is missing") }
    guard let merges = lists["merges"] else { throw wrong("merges", "is missing") }
    self.tokens = tokens
    self.merges = merges
    let begins = metadata.flag(Self.prefix + "add_bos_token") ?? cut.beginsWithToken
    let first = begins ? metadata.general(Self.prefix + "bos_token_id") : nil
    guard first.map(tokens.indices.contains) ?? true else {
      throw wrong("bos_token_id", "is no token")
    }
    self.first = first
  }

  /// The lists of texts that costs do not need, and which are passed over when the file is opened.
  private static func lists(of path: String) throws(DataError) -> [String: [String]] {
    var cursor = ByteCursor(try ByteSource(path: path))
    // Magic, version and the number of tensors were read before.
    try cursor.skip(16, "the header")
    let keys = try cursor.count(each: 13, "the number of keys")
    var lists: [String: [String]] = [:]
    for _ in 0..<keys {
      let key = try cursor.string(atMost: 65535, "the name of a key")
      guard key == prefix + "tokens" || key == prefix + "merges" else {
        _ = try cursor.value(key)
        continue
      }
      lists[String(key.dropFirst(prefix.count))] = try cursor.strings(key)
    }
    return lists
  }
}

extension ByteCursor {
  /// A list of texts.
  fileprivate mutating func strings(_ key: String) throws(DataError) -> [String] {
    let start = offset
    let kinds = [try integer(UInt32.self, key), try integer(UInt32.self, key)]
    guard kinds == [GGUFValueKind.array.rawValue, GGUFValueKind.string.rawValue] else {
      throw error(at: start, "\(key): is no list of texts")
    }
    var texts: [String] = []
    for _ in 0..<(try count(each: 8, key)) { texts.append(try string(atMost: 1 << 16, key)) }
    return texts
  }
}
