/// Reserves memory for the longest context before the first token (allocators before paging).
public struct ContiguousCache: CachePolicy {
  /// Tokens for which memory is held.
  public let longest: Int
  private let reach: Int

  public var name: String { "contiguous:\(longest)" }

  /// A reservation of `longest` tokens in a layer whose pattern reads at most `reach`.
  public init(longest: Int, reach: Int = .max) {
    self.longest = longest
    self.reach = reach
  }

  public func retained(_ tokens: Int) -> Int { min(tokens, reach) }

  /// A context that is longer than what was reserved needs its own length.
  public func allocated(_ tokens: Int) -> Double {
    Double(min(max(tokens, longest), reach))
  }
}

extension CacheEntry {
  static let contiguous = CacheEntry(
    "contiguous:TOKENS", example: "contiguous:8192",
    summary: "Reserves the longest context for every sequence.",
    equation: "allocated = n_max", conditions: ["No context is longer than what is reserved."],
    source: "Kwon et al., PagedAttention, 2023, section 3"
  ) { option in
    option.count().map { longest in
      CacheChoice { ContiguousCache(longest: longest, reach: $0) }
    }
  }
}
