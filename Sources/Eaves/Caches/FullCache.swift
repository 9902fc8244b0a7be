/// Keeps every token.
public struct FullCache: CachePolicy {
  public let name = "full"

  /// The policy that keeps everything.
  public init() {}

  public func retained(_ tokens: Int) -> Int { tokens }
}

extension CacheChoice {
  /// Every layer keeps every token, as an allocator without ring buffers does.
  public static let full = CacheChoice("full") { _ in FullCache() }
}

extension CacheEntry {
  static let full = CacheEntry(
    "full", example: "full", summary: "Every layer keeps every token.", equation: "entries = n + S",
    source: "docs/method.md 2"
  ) { _ in .full }
}
