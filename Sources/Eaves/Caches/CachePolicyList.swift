/// The cache policies that a configuration can name.
///
/// A test fails if a file of this folder is missing here.
public enum CachePolicyList {
  /// One word a policy; each file says what it makes of a layer's pattern.
  static let entries: [CacheChoice] = [.rolling, .full]

  /// What can be written, for messages.
  public static let forms = entries.map(\.name)

  /// Reads the name of a policy; `nil` where there is none.
  public static func parse(_ text: String) -> CacheChoice? { entries.first { $0.name == text } }
}

/// A cache policy as a configuration names it: what it is in a layer depends on the layer's pattern.
public struct CacheChoice: Sendable, Hashable {
  /// Text that parses back to the choice.
  public let name: String
  /// The policy of a layer with some pattern.
  let policy: @Sendable (any Pattern) -> any CachePolicy

  init(_ name: String, policy: @escaping @Sendable (any Pattern) -> any CachePolicy) {
    self.name = name
    self.policy = policy
  }

  public static func == (left: CacheChoice, right: CacheChoice) -> Bool { left.name == right.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
