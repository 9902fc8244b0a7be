/// Keeps the last `window` tokens: slot = position mod window (Mistral 7B, section 2, "rolling buffer").
public struct RollingCache: CachePolicy {
  /// Tokens kept.
  public let window: Int

  public var name: String { "rolling" }

  /// A buffer of `window` tokens.
  public init(window: Int) { self.window = window }

  public func retained(_ tokens: Int) -> Int { min(tokens, window) }
}
