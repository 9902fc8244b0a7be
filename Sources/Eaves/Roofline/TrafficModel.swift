public import Quantities

/// Tiles are cut for 16-bit elements.
private let elementBytes = 2.0

/// How often the operands of a product (m × k)(k × n) travel into a level of limited capacity, on average
/// (docs/method.md 2).
///
/// All but the rows m is known when a product is compiled; of a sum over tiles only lines in m are left.
struct Tiling: Sendable, Equatable {
  /// Up to so many rows the product streams: one operand fits, and every element travels once.
  private let streamedRows: Double
  /// Elements that travel for a row where tiles are cut, and where each travels once.
  private let tiled: Double
  private let once: Line

  /// The travels of a product with `columns` (n) and `depth` (k) into a level; without one, all travel once.
  init(columns: Int, depth: Int, into level: Machine.Level?) {
    let columns = Double(columns)
    let depth = Double(depth)
    let tile = level?.tile ?? 0
    // The level holds the whole smaller operand once, over all instances, beside what streams.
    let held = (level?.persistentBytes.value ?? 0) / (2 * elementBytes * depth)
    streamedRows = tile == 0 || columns <= held ? .infinity : max(tile, held)
    // The rows are read for each tile of columns, the columns for each tile of rows.
    tiled = depth * max(1, columns / tile) + columns * depth / tile + columns
    once = Line(start: columns * depth, slope: depth + columns)
  }

  /// The factor for a product of m rows.
  @inline(__always)
  func reloads(rows m: Double) -> Double {
    m <= streamedRows ? 1 : tiled * m / once.at(m)
  }
}

extension Operation {
  /// Whether operands may travel more than once: what is cut fits no tile of some level.
  @inline(__always)
  mutating func isTiled(_ machine: Machine) -> Bool {
    switch kind {
    case .matmul(let m, _, _, _): m > machine.smallestTile
    case .attention(let shape): shape.queries > 1
    case .pointwise, .reduction, .gather, .scan, .convolution, .collective: false
    }
  }

  /// How often operands travel into a level, on average: 1 where one of them fits.
  @inline(__always)
  mutating func reloads(into level: Machine.Level) -> Double {
    switch kind {
    case .matmul(let m, let n, let k, _):
      return Tiling(columns: n, depth: k, into: level).reloads(rows: m)
    case .attention(let shape):
      return shape.reloads(into: level)
    case .pointwise, .reduction, .gather, .scan, .convolution, .collective:
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
    if Bytes(elementBytes * batch * keyElements) <= level.persistentBytes { return 1 }
    // Br = M / (4 d) rows of queries and outputs beside the tiles of keys, at least one tile row of 16.
    let rows = max(16, level.instanceBytes.value / elementBytes / (4 * headSize))
    let blocks = max(1, queries / rows)
    let keyBlocks = max(1, keys / rows)
    let total =
      schedule == .flash1
      ? keyElements + keyBlocks * (1.5 * queryElements) : queryElements + blocks * keyElements
    return max(1, total / (queryElements + keyElements))
  }
}

extension Operation {
  /// How often operands travel into a buffer of a capacity, on average, that keeps nothing from one operation to the
  /// next (docs/method.md 2, "Tiles" and "Attention"); tiles are cut for 16-bit elements.
  public func reloads(capacity: Bytes) -> Double {
    let level = Machine.Level(
      index: 0, bandwidth: nil, peak: .zero, achieved: .zero, attention: .zero,
      instanceBytes: capacity, tile: (capacity.value / 6).squareRoot(), totalBytes: capacity,
      persistentBytes: .zero, granularity: 0, energy: .zero)
    var operation = self
    return operation.reloads(into: level)
  }

  /// Bytes of the operands, each once; recurrent states are read and written.
  public var compulsoryBytes: Bytes { bytes.compulsory + bytes.activations }
}
