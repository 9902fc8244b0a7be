/// How often experts are found in a cache of the least recently used, under uniform routing.
///
/// A token uses k distinct of E experts; the cache holds C of a layer. Experts are looked up one after another,
/// and what is missing takes the place of the least recently used at once. Source: docs/validation.md.
public struct ExpertCacheArithmetic: Sendable, Hashable {
  /// Experts of a layer (E), experts that a token uses (k), experts that are cached (C).
  public var experts: Int
  public var perToken: Int
  public var cached: Int

  /// A layer's experts and its cache.
  public init(experts: Int, perToken: Int, cached: Int) {
    self.experts = experts
    self.perToken = perToken
    self.cached = cached
  }

  /// The share of look-ups that find their expert: mean over j < k of max(0, C − j) / (E − j).
  ///
  /// The j experts that the token has looked up before are the most recent in the cache, and it does not ask
  /// for them again: of E − j experts C − j are cached. 0 where a token uses more experts than there are.
  public var hitRatio: Double {
    guard perToken > 0, perToken <= experts else { return 0 }
    let sum = (0..<perToken).reduce(0.0) { sum, before in
      sum + Double(max(0, min(cached, experts) - before)) / Double(experts - before)
    }
    return sum / Double(perToken)
  }
}
