/// The cache policies that a configuration can name.
///
/// A test fails if a file of this folder is missing here.
public enum CachePolicyList {
  /// One word a policy; each file says how it is written and what it makes of a layer.
  static let entries: [CacheEntry] = [.rolling, .full]

  /// What can be written, for messages.
  public static let forms = entries.map(\.technique.form)

  /// What each is.
  public static let techniques = entries.map(\.technique)

  /// Reads a policy; `nil` where the text is none.
  public static func parse(_ text: String) -> CacheChoice? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    guard let name = parts.first else { return nil }
    let rest = parts.count == 2 ? parts[1] : nil
    return entries.first { $0.technique.name == name }.flatMap { $0.make(rest) }
  }
}

/// A cache policy of the list: what it is, and how its text is read.
struct CacheEntry: Sendable {
  let technique: Technique
  /// Makes the choice of what follows the name; `nil` where it is nonsense.
  let make: @Sendable (String?) -> CacheChoice?

  init(_ technique: Technique, make: @escaping @Sendable (String?) -> CacheChoice?) {
    self.technique = technique
    self.make = make
  }
}

/// A layer that a policy is for.
public struct CacheSite: Sendable {
  public let pattern: any Pattern
  /// Which layer it is, from 0, and how many there are.
  public let layer: Int
  public let layers: Int
}

/// A cache policy as a configuration names it: what it is in a layer depends on the layer.
public struct CacheChoice: Sendable, Hashable {
  /// Text that parses back to the choice.
  public let name: String
  /// Whether layers differ in more than their pattern (a budget by depth).
  let isPerLayer: Bool
  /// The policy of a layer.
  let policy: @Sendable (CacheSite) -> any CachePolicy

  init(
    _ name: String, isPerLayer: Bool = false,
    policy: @escaping @Sendable (CacheSite) -> any CachePolicy
  ) {
    self.name = name
    self.isPerLayer = isPerLayer
    self.policy = policy
  }

  public static func == (left: CacheChoice, right: CacheChoice) -> Bool { left.name == right.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
