/// Keeps the tokens that a group of sequences begin with once for all of them: a shared system prompt, the prompt of
/// a beam search (PagedAttention, Kwon et al., 2023, section 4.4).
///
/// Only memory is shared: each sequence reads its prefix, as a kernel does that knows nothing of groups.
public struct PrefixCache: CachePolicy {
  /// Tokens that are shared, and sequences that share them.
  public let prefix: Int
  public let group: Int
  private let reach: Int

  public var name: String { "prefix:\(prefix):group=\(group)" }

  /// A prefix of `prefix` tokens of `group` sequences in a layer whose pattern reads at most `reach`.
  public init(prefix: Int, group: Int, reach: Int = .max) {
    self.prefix = prefix
    self.group = group
    self.reach = reach
  }

  public func retained(_ tokens: Int) -> Int { min(tokens, reach) }

  /// The shared tokens that a window has not left behind, divided by the group, and the rest.
  public func allocated(_ tokens: Int) -> Double {
    let kept = retained(tokens)
    let shared = max(0, min(tokens, prefix) - (tokens - kept))
    return Double(shared) / Double(group) + Double(kept - shared)
  }
}

extension CacheEntry {
  static let prefix = CacheEntry(
    "prefix:TOKENS:group=SEQUENCES", example: "prefix:1024:group=8",
    summary: "Keeps a prefix that a group of sequences share once.",
    equation: "allocated a sequence = prefix/group + rest; every sequence reads its prefix",
    conditions: ["The batch is made of whole groups."],
    source: "Kwon et al., PagedAttention, 2023, section 4.4"
  ) { option in
    guard let prefix = option.count(), let group = option.count("group") else { return nil }
    return CacheChoice { PrefixCache(prefix: prefix, group: group, reach: $0) }
  }
}
