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
  public static let rolling = CacheChoice("rolling") { pattern in
    if let buffer = RollingCache(of: pattern) { return buffer }
    return FullCache()
  }
}
