/// Keeps the last `window` tokens: slot = position mod window (Mistral 7B, section 2, "rolling buffer").
public struct RollingCache: CachePolicy {
  /// Tokens kept.
  public let window: Int

  public var name: String { "rolling" }

  /// A buffer of `window` tokens.
  public init(window: Int) { self.window = window }

  /// The buffer of a pattern that never reads further back than a window; `nil` for other patterns.
  init?(of pattern: any Pattern) {
    guard let reach = pattern.reach else { return nil }
    self.init(window: reach)
  }

  public func retained(_ tokens: Int) -> Int { min(tokens, window) }
}

extension CacheChoice {
  /// Window layers keep their window, others everything: what the model states.
  public static let rolling = CacheChoice("rolling") { site in
    if let buffer = RollingCache(of: site.pattern) { return buffer }
    return FullCache()
  }
}

extension CacheEntry {
  static let rolling = CacheEntry(
    "rolling", example: "rolling",
    summary: "Layers with a window keep their window in a ring, others everything.",
    equation: "entries = min(n + S, w)", conditions: ["The layer is windowed in training."],
    source: "Jiang et al., Mistral 7B, section 2, \"rolling buffer cache\""
  ) { _ in .rolling }
}
