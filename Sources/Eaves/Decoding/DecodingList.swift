/// The ways of decoding that a configuration can name.
///
/// A test fails if a file of this folder is missing here.
public enum DecodingList {
  /// One word each; each file says how it is written.
  static let entries: [DecodingEntry] = [.autoregressive, .diffusion]

  /// What can be written, for messages.
  public static let forms = entries.map(\.technique.form)

  /// What each is.
  public static let techniques = entries.map(\.technique)

  /// Reads a way of decoding; `nil` where the text is none.
  public static func parse(_ text: String) -> (any Decoding)? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    guard let name = parts.first else { return nil }
    let rest = parts.count == 2 ? parts[1] : nil
    return entries.first { $0.technique.name == name }.flatMap { $0.make(rest) }
  }

  /// What a model does unless told otherwise.
  static func own(of model: Model) -> any Decoding {
    model.kind == .diffusion
      ? Diffusion(steps: nil, length: nil, block: nil, hasCache: false) : Autoregressive()
  }
}

/// A way of decoding of the list: what it is, and how its text is read.
struct DecodingEntry: Sendable {
  let technique: Technique
  /// Makes it of what follows the name; `nil` where that is nonsense.
  let make: @Sendable (String?) -> (any Decoding)?

  init(_ technique: Technique, make: @escaping @Sendable (String?) -> (any Decoding)?) {
    self.technique = technique
    self.make = make
  }
}
