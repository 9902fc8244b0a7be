/// Every token reads the last s tokens, itself included, and every s-th token before them.
///
/// The strided pattern of Child et al. 2019, Generating Long Sequences with Sparse Transformers, section 4.3.
public struct Strided: Pattern {
  /// The local window and the distance of the far keys (s).
  public let stride: Int

  public var name: String { "strided:\(stride)" }

  public var gatherRun: Int? { stride == 1 ? nil : 1 }

  /// A causal pattern of stride `stride`, at least one.
  public init(_ stride: Int) { self.stride = max(1, stride) }

  public func forEachRun(at position: Int, of length: Int, _ body: (Range<Int>, Int) -> Void) {
    if position >= stride { body(position % stride..<position - stride + 1, stride) }
    body(max(0, position + 1 - stride)..<position + 1, 1)
  }

  /// Row i, from 1, reads min(i, s) + ⌈i / s⌉ − 1 keys (docs/method.md 1): a window and far keys.
  public func pairs(_ step: Step) -> Double {
    SlidingWindow(stride).pairs(step) + farKeys(step.newTokens, from: step.cachedTokens)
  }

  /// The far keys of `queries` queries from position `start` on.
  private func farKeys(_ queries: Int, from start: Int) -> Double {
    PatternArithmetic.quotientSum(start + queries, by: stride)
      - PatternArithmetic.quotientSum(start, by: stride)
  }

  /// The last new token reads most.
  public func span(_ step: Step) -> Int {
    let last = step.cachedTokens + step.newTokens - 1
    return min(last + 1, stride) + last / stride
  }

  /// The local keys of the first new token, and the far ones on the lattice of each of the first s; the
  /// nearest far key of all but the first new token is a local one of the first.
  public func cachedKeysRead(_ step: Step) -> Int {
    let cached = step.cachedTokens
    let lattices = min(step.newTokens, stride)
    let both = max(0, cached + lattices - max(cached + 1, stride))
    return min(cached, stride - 1) + Int(farKeys(lattices, from: cached)) - both
  }

  /// The local tiles, and of the far ones those that hold a key.
  public func executedPairs(_ step: Step, rows: Int, columns: Int) -> Double {
    PatternTiles.executedPairs(step, rows: rows, columns: columns) { first, last in
      let far = last / stride
      guard stride - (last - first) > columns else {
        return PatternTiles.of(max(0, first - max(1, far) * stride)...last, columns: columns)
      }
      let local = PatternTiles.of(max(0, first - stride)...last, columns: columns)
      guard far >= 2 else { return local }
      return local
        + PatternTiles.ofDisjointCopies(
          first - 2 * stride...last - 2 * stride, gap: stride, copies: far - 1, columns: columns)
    }
  }
}

extension PatternEntry {
  /// A window and a lattice.
  static let strided = PatternEntry(
    "strided:TOKENS", example: "strided:128",
    summary: "Every token reads the last s tokens and every s-th token before them.",
    equation: "P = Σ min(n + i, s) + ⌈(n + i) / s⌉ − 1",
    conditions: [
      trainedIn,
      "A key's row of the cache must fill a memory line, or the rest of the line is lost.",
    ],
    source: "Child et al. 2019, Sparse Transformers, section 4.3 (strided)"
  ) { text in text.count().map(Strided.init) }
}
