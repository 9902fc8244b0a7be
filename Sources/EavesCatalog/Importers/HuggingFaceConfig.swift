public import Eaves

/// The `config.json` that Hugging Face models come with.
public enum HuggingFaceConfig {
  /// The values of `model_type` that are read, in alphabetical order.
  public static var modelTypes: [String] { ConfigFamily.modelTypes }

  /// Whether a file is such a configuration and no model file of ours.
  ///
  /// A file that is not JSON is none: the reader of model files says what is wrong with it.
  static func isOne(_ bytes: [UInt8], file: String) -> Bool {
    guard let root = try? ObjectReader(parsing: bytes, file: file) else { return false }
    return !root.has("schema") && (root.has("model_type") || root.has("architectures"))
  }
}

extension Model {
  /// Reads a Hugging Face `config.json`.
  ///
  /// Keys that are left out have the defaults of transformers' classes, keys that change no cost are
  /// ignored; the notes say which.
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: Its path, which gives the model its id.
  /// - Throws: `DataError` where the `model_type` is not supported, at the first key that changes the cost
  ///   and cannot be honoured, and where shapes contradict each other.
  public init(huggingFace bytes: [UInt8], file: String) throws(DataError) {
    let root = try ObjectReader(parsing: bytes, file: file, nullIsAbsent: true)
    let family = try ConfigFamily(reading: root)
    let config = try ConfigReader(root, family)
    let imported = try family.read(config, ImportedName.id(of: file))
    let unknown = imported.unknownKeys
    self = imported.model
    source = "Hugging Face config.json"
    isVerified = true
    if kind == .decoder, let note = try root.headNote() { notes.append(note) }
    if !config.defaults.isEmpty {
      notes.append("defaults of transformers: \(config.defaults.joined(separator: ", "))")
    }
    if !unknown.isEmpty {
      notes.append("ignored unknown keys: \(unknown.map(printable).joined(separator: ", "))")
    }
  }
}

extension ConfigFamily {
  fileprivate init(reading root: ObjectReader) throws(DataError) {
    let supported = Self.modelTypes.joined(separator: ", ")
    guard root.has("model_type") else {
      throw root.error("missing key \"model_type\"", remedy: "add it with one of \(supported)")
    }
    let modelType = try root.string("model_type")
    guard let family = Self.named(modelType) else {
      throw root.error(
        at: "model_type", "\(quoted(modelType)) is not supported",
        remedy: "supported are \(supported)")
    }
    self = family
  }
}

extension ConfigReader {
  /// Opens the object with the language model's keys: `text_config` where there is one.
  fileprivate convenience init(_ root: ObjectReader, _ family: ConfigFamily) throws(DataError) {
    let nested = ["gemma3": "gemma3_text", "gemma3n": "gemma3n_text"]
    if let inner = nested[family.modelType] {
      self.init(try root.object("text_config"), in: root)
      ignore("text_config")
      if let (_, type) = try optionalString(["model_type"]), type != inner {
        throw cannotHonour("model_type", "a text model of this type inside \(family.modelType)")
      }
    } else {
      self.init(root)
    }
    ignore("model_type", "architectures")
  }
}

extension ObjectReader {
  /// A remark where the file's classes are none with an output head for tokens, which is what is counted.
  fileprivate func headNote() throws(DataError) -> String? {
    let classes = try strings("architectures")
    let endings = ["ForCausalLM", "LMHeadModel", "ForConditionalGeneration"]
    let hasHead = classes.contains { name in endings.contains { name.hasSuffix($0) } }
    guard !hasHead, let first = classes.first else { return nil }
    return "counted as a language model with its output head, not as \(printable(first))"
  }
}
