#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How well a decoder foretells a text: one mean a window, so that the spread is known.
public struct TextScore: Sendable {
  /// One window of the text.
  struct Window: Sendable {
    /// Tokens that were scored.
    var tokens = 0
    /// Σ −log p of them, in nats.
    var loss = 0.0
    /// Σ of the divergence from the model that it is held against.
    var divergence = 0.0
    /// Places where both would choose the same token.
    var sameTop = 0
  }

  private(set) var windows: [Window] = []

  /// Tokens that were scored.
  public var tokens: Int { windows.reduce(0) { $0 + $1.tokens } }
  /// Windows.
  public var count: Int { windows.count }

  mutating func append(_ window: Window) { windows.append(window) }

  /// A mean over tokens, and how far it may be off: one standard error, from the means of windows.
  public struct Estimate: Sendable, Hashable {
    public let mean: Double
    /// `nil` where there is one window alone.
    public let spread: Double?
  }

  private func estimate(_ sum: (Int) -> Double) -> Estimate {
    let total = windows.indices.reduce(0) { $0 + sum($1) }
    let mean = total / Double(max(1, tokens))
    guard count > 1 else { return Estimate(mean: mean, spread: nil) }
    let squares = windows.indices.reduce(0) {
      let difference = sum($1) / Double(max(1, windows[$1].tokens)) - mean
      return $0 + difference * difference
    }
    return Estimate(
      mean: mean, spread: (squares / Double(count - 1) / Double(count)).squareRoot())
  }

  /// exp of an estimate.
  private static func exponential(_ estimate: Estimate) -> Estimate {
    let value = exp(estimate.mean)
    return Estimate(mean: value, spread: estimate.spread.map { value * $0 })
  }

  /// exp(mean of −log p).
  public var perplexity: Estimate { Self.exponential(estimate { windows[$0].loss }) }

  /// By how much perplexity is above that of another, as a share; the spread is that of the paired differences.
  public func loss(against other: TextScore) -> Estimate? {
    guard count == other.count else { return nil }
    let ratio = Self.exponential(estimate { windows[$0].loss - other.windows[$0].loss })
    return Estimate(mean: ratio.mean - 1, spread: ratio.spread)
  }

  /// Mean divergence from what it was held against, in nats a token.
  public var divergence: Estimate { estimate { windows[$0].divergence } }

  /// The share of places where both would choose the same token.
  public var sameTop: Double {
    Double(windows.reduce(0) { $0 + $1.sameTop }) / Double(max(1, tokens))
  }
}
