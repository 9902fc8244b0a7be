/// A file of the catalog, shipped or the user's own, that has been found but not read yet.
public struct CatalogFile: Sendable {
  /// What the file describes.
  public let kind: Kind
  /// Its id where it is shipped, else its path.
  public let name: String
  /// The file, for messages.
  public let path: String
  /// What it holds.
  public let bytes: [UInt8]

  /// The hash of the content, for provenance.
  public var hash: String { contentHash(bytes) }

  /// What a file of the catalog can describe.
  public enum Kind: String, Sendable, CaseIterable {
    /// A chip profile.
    case chip
    /// A software stack.
    case runtime
    /// A transformer.
    case model
    /// A sweep.
    case study
    /// A published combination of options.
    case preset
    /// A table of published figures.
    case evidence

    /// The word for several, which is the command that lists them.
    public var plural: String {
      switch self {
      case .study: "studies"
      case .evidence: "tables of evidence"
      case .chip, .runtime, .model, .preset: "\(rawValue)s"
      }
    }
  }
}

/// What a file of the catalog says, with what provenance needs to know of the file.
public struct Loaded<Value: Sendable>: Sendable {
  /// The chip, runtime or model.
  public let value: Value
  /// The file's id where it is shipped, else its path.
  public let name: String
  /// The hash of the file's content.
  public let hash: String

  init(_ value: Value, from file: CatalogFile) {
    self.value = value
    name = file.name
    hash = file.hash
  }

  init(_ value: Value, name: String, hash: String) {
    self.value = value
    self.name = name
    self.hash = hash
  }
}
