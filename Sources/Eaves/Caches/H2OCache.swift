public import Quantities

/// Keeps the tokens that got most attention so far, and the newest: heavy hitters (H2O, Zhang et al., 2023).
public struct H2OCache: CachePolicy {
  /// How many entries there are.
  public enum Budget: Sendable, Hashable {
    /// Heavy hitters, and newest tokens.
    case entries(heavy: Int, recent: Int)
    /// Ten-thousandths of the tokens so far, half heavy hitters, half newest.
    case share(Int)
  }

  public let budget: Budget
  private let reach: Int

  public var name: String {
    switch budget {
    case .entries(let heavy, let recent): "h2o:\(heavy)+\(recent)"
    case .share(let parts): "h2o:\(Self.decimal(parts))"
    }
  }

  /// A cache of a budget in a layer whose pattern reads at most `reach`.
  public init(_ budget: Budget, reach: Int = .max) {
    self.budget = budget
    self.reach = reach
  }

  /// A share is rounded up to whole entries.
  public func retained(_ tokens: Int) -> Int {
    switch budget {
    case .entries(let heavy, let recent): min(tokens, heavy + recent, reach)
    case .share(let parts): min(tokens, (tokens * parts + 9_999) / 10_000, reach)
    }
  }

  public func peak(_ tokens: Int) -> Double { Double(min(tokens, reach)) }

  /// One sum of attention weights for each head and entry: 4·H·k bytes.
  public func metadata(_ tokens: Int, _ layer: CacheLayer) -> Bytes {
    layer.scoreBytes(entries: retained(tokens))
  }

  public let needsProbabilities = true
  public let isLossless = false
  public let hasUpkeep = true

  /// H·k additions a step, and the second pass of `KeyScoring` where weights are not handed out.
  public func emitUpkeep(_ step: Step, _ layer: CacheLayer, into buffer: inout OperationBuffer) {
    KeyScoring(step, cachedKeys: readable(step.cachedTokens), reach: reach, keepsSums: true)
      .emit(step, layer, into: &buffer)
  }

  /// "0.2" for 2000.
  private static func decimal(_ parts: Int) -> String {
    guard parts < 10_000 else { return "1" }
    var digits = String(String(parts + 10_000).dropFirst())
    while digits.last == "0" { digits.removeLast() }
    return "0.\(digits)"
  }

  /// Ten-thousandths of a share above 0 and up to 1, with at most four decimals; `nil` for anything else.
  static func parts(_ text: String) -> Int? {
    let halves = text.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count == 2, halves[0] == "0" || halves[0] == "1",
      (1...4).contains(halves[1].count),
      halves[1].allSatisfy({ "0123456789".contains($0) }), let whole = Int(halves[0]),
      let decimals = Int(halves[1])
    else { return text == "1" ? 10_000 : nil }
    var parts = decimals
    for _ in halves[1].count..<4 { parts *= 10 }
    parts += 10_000 * whole
    return (1...10_000).contains(parts) ? parts : nil
  }
}

extension CacheEntry {
  static let h2o = CacheEntry(
    "h2o:HEAVY+RECENT|SHARE", example: "h2o:512+512",
    summary: "Keeps the tokens that got most attention so far, and the newest.",
    equation: "entries = min(n + S, k); sums of weights: b·H·k in 32 bits, H·k additions a step; "
      + "without attention weights 2·H·d_q·k FLOPs more",
    conditions: [
      "Attention weights are handed out, or formed in a second pass.",
      "With shared heads the choice is made over a group.",
    ] + evictingConditions,
    source: "Zhang et al., H2O: Heavy-Hitter Oracle, 2023, section 4"
  ) { option in
    if option.positional.first?.contains("+") == true {
      guard let counts = option.counts(joinedBy: "+") else { return nil }
      return CacheChoice {
        H2OCache(.entries(heavy: counts.first, recent: counts.second), reach: $0)
      }
    }
    return option.text().flatMap(H2OCache.parts).map { parts in
      CacheChoice { H2OCache(.share(parts), reach: $0) }
    }
  }
}
