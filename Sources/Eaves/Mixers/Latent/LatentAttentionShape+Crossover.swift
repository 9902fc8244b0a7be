extension LatentAttentionShape {
  /// The queries below which folding is cheaper, however long the context (S*):
  /// d_c·(d_n + d_v) / (2·d_c − d_n − d_v); `nil` where it always is.
  public var crossoverLimit: Double? {
    let excess = 2 * kvRank - plainWidth - valueWidth
    guard excess > 0 else { return nil }
    return Double(kvRank) * Double(plainWidth + valueWidth) / Double(excess)
  }

  /// The most new tokens for which the absorbed form needs fewer FLOPs after `cached` tokens, in causal
  /// attention: S·n + S(S + 1)/2 < n·S* (docs/method.md 1); `nil` where it always does.
  public func largestAbsorbedStep(after cached: Int) -> Int? {
    guard let limit = crossoverLimit else { return nil }
    let context = Double(cached)
    func isCheaper(_ new: Int) -> Bool {
      let new = Double(new)
      return new * context + new * (new + 1) / 2 < context * limit
    }
    // The positive root of S²/2 + (n + 1/2)·S − n·S*, then the whole number below it.
    let middle = context + 0.5
    var new = Int((middle * middle + 2 * context * limit).squareRoot() - middle)
    while isCheaper(new + 1) { new += 1 }
    while new > 0, !isCheaper(new) { new -= 1 }
    return new
  }

  /// FLOPs a byte of a decode step over a long context in the absorbed form:
  /// 2H(2·d_c + d_r) / ((d_c + d_r)·k_b) (docs/method.md 1).
  public func decodeIntensity(bytesPerElement: Double) -> Double {
    2 * Double(heads) * Double(2 * kvRank + rotaryWidth) / (Double(entryWidth) * bytesPerElement)
  }

  /// The form of a step: the one with fewer FLOPs unless one is asked for.
  ///
  /// Expanded, K keys and values are made and P pairs cost d_n + d_r + d_v multiply-adds each; absorbed, S
  /// queries and results are folded and pairs cost 2·d_c + d_r.
  func form(pairs: Double, cachedKeys: Int) -> Form {
    if let form { return form }
    let made = Double(plainWidth + valueWidth)
    let folded = pairs * (2 * Double(kvRank) - made)
    return folded < Double(cachedKeys) * Double(kvRank) * made ? .absorbed : .expanded
  }
}
