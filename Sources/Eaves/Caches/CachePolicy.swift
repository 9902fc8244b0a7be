/// How many entries a layer keeps of the tokens it has seen.
public protocol CachePolicy: Sendable {
  /// Text that parses back to the policy.
  var name: String { get }
  /// Entries kept after `tokens` tokens.
  func retained(_ tokens: Int) -> Int
}

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
