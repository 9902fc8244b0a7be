import Eaves

/// Sizes of a pass of attention over a text, all of whose tokens are new: q, k, v and the result are [n, H·d] each.
struct AttentionPass: Sendable {
  let tokens: Int
  let heads: Int
  let width: Int
  /// Keys that a query sees, itself included; `nil` for all, or all before it.
  var window: Int?
  var isCausal = false

  var label: String {
    "n\(tokens) H\(heads) d\(width)\(window.map { " w\($0)" } ?? "")"
  }

  var columns: Int { heads * width }
  var elements: Int { tokens * columns }
  var scale: Float { 1 / Float(width).squareRoot() }

  func setting() -> AttentionSetting {
    let pattern: any Pattern =
      isCausal ? window.map { SlidingWindow($0) } ?? Causal() : Bidirectional()
    return AttentionSetting(
      heads: heads, kvHeads: heads, headSize: width, new: tokens, pattern: pattern)
  }

  func visible(_ query: Int) -> (first: Int, end: Int) {
    guard isCausal else { return (0, tokens) }
    return (window.map { max(0, query + 1 - $0) } ?? 0, query + 1)
  }

  /// Attention in tiles; buffers are q, k, v, the result, and scratch.
  @inline(__always)
  func runTiles(_ memory: TimedMemory) {
    for head in 0..<heads {
      let start = head * width
      let job = AttentionTile.Head(
        query: .init(memory[0] + start, columns), keys: .init(memory[1] + start, columns),
        values: .init(memory[2] + start, columns), output: memory[3] + start,
        outputStride: columns, width: width, valueWidth: width, scale: scale)
      var first = 0
      while first < tokens {
        let end = min(first + AttentionTile.rows, tokens)
        AttentionTile.run(
          job, queries: first..<end, scratch: memory[4], isMasked: isCausal, visible)
        first = end
      }
    }
  }

  var tiledFloats: [Int] { [elements, elements, elements, elements, AttentionTile.scratch] }

  func define(_ memory: TimedMemory) -> [Double] {
    Definition.attention(
      queries: tokens, heads: heads, valueWidth: width, scale: 1 / Double(width).squareRoot(),
      visible: visible,
      score: { query, key, head in
        let start = head * width
        return Definition.dot(
          memory[0] + query * columns + start, memory[1] + key * columns + start, width)
      },
      value: { Double(memory[2][$0 * columns + $1 * width + $2]) })
  }
}
