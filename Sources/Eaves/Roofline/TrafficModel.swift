import Quantities

/// How often operands travel into a level of limited capacity (docs/method.md 2).
private enum TrafficModel {
  /// Tiles are cut for 16-bit elements.
  static let elementBytes = 2.0
}

extension Operation {
  /// Whether operands may travel more than once: what is cut fits no tile of some level.
  @inline(__always)
  mutating func isTiled(_ machine: Machine) -> Bool {
    switch kind {
    case .matmul(let m, _, _, _): m > machine.smallestTile
    case .attention(let shape): shape.queries > 1
    case .pointwise, .reduction, .gather, .scan, .convolution: false
    }
  }

  /// How often the operands of a product travel into a level, on average.
  @inline(__always)
  static func reloads(m: Double, n: Int, k: Int, count: Double, into level: Machine.Level) -> Double
  {
    // Small products stream: one operand fits a tile.
    let tile = level.tile
    if m <= tile || tile == 0 { return 1 }
    let depth = Double(k)
    let columns = Double(n)
    let smaller = min(m, columns) * depth * TrafficModel.elementBytes
    // The level holds the whole smaller operand of this product once, over all instances.
    if Bytes(2 * smaller) <= level.persistentBytes { return 1 }
    let once = (m * depth + columns * depth + m * columns) * count
    let tiled =
      (m * depth * max(1, columns / tile) + columns * depth * max(1, m / tile) + m * columns)
      * count
    return tiled / once
  }

  /// How often operands travel into a level, on average: 1 where one of them fits.
  @inline(__always)
  mutating func reloads(into level: Machine.Level) -> Double {
    switch kind {
    case .matmul(let m, let n, let k, let count):
      return Self.reloads(m: m, n: n, k: k, count: count, into: level)
    case .attention(let shape):
      return shape.reloads(into: level)
    case .pointwise, .reduction, .gather, .scan, .convolution:
      return 1
    }
  }
}

extension AttentionShape {
  /// Keys and values travel once for each block of queries (FlashAttention-2) unless they stay; queries
  /// and outputs once for each block of keys (FlashAttention, Algorithm 1: 2Nd + Tc(3Nd + 4N)).
  func reloads(into level: Machine.Level) -> Double {
    guard level.instanceBytes > .zero, queries > 1 else { return 1 }
    let width = headSize + valueHeadSize
    let keyElements = kvHeads * keys * width
    let queryElements = heads * queries * width
    // A shared level keeps the keys and values of the heads in flight.
    if Bytes(TrafficModel.elementBytes * batch * keyElements) <= level.persistentBytes { return 1 }
    // Br = M / (4 d) rows of queries and outputs beside the tiles of keys, at least one tile row of 16.
    let rows = max(16, level.instanceBytes.value / TrafficModel.elementBytes / (4 * headSize))
    let blocks = max(1, queries / rows)
    let keyBlocks = max(1, keys / rows)
    let total =
      schedule == .flash1
      ? keyElements + keyBlocks * (1.5 * queryElements) : queryElements + blocks * keyElements
    return max(1, total / (queryElements + keyElements))
  }
}
