import Quantities

/// What one operation moves, by how long it lives.
struct Streams {
  /// Weights.
  var weights: Bytes
  /// Cached keys and values, states.
  var cached: Bytes
  /// Intermediate results, read and written.
  var activations: Bytes
  /// New cache entries, logits.
  var written: Bytes
}

extension Machine {
  /// Bytes and time of one operation at every level.
  ///
  /// Weights and cache come from where they live; activations from the nearest shared level that holds
  /// them. On the way into a level of limited capacity, products are cut into tiles and operands travel
  /// again for each tile (docs/method.md 2): an operand that fits travels once.
  @inline(__always)
  func addTraffic(
    _ operation: borrowing Operation, _ placement: Placement, _ streams: Streams,
    to cost: inout OperationCost
  ) {
    let isAttention = operation.id == .attention
    var activationHome = main
    var position = main - 1
    while position >= 0 {
      if levels[position].persistentBytes >= streams.activations { activationHome = position }
      position -= 1
    }
    position = 0
    while position <= main {
      let pace = isAttention ? levels[position].attention : levels[position].achieved
      if pace > .zero {
        var bytes = streams.written
        if position <= placement.home { bytes += streams.weights + streams.cached }
        if position <= activationHome { bytes += streams.activations }
        if position > 0 {
          bytes = bytes * reloads(operation, into: levels[position - 1])
        }
        cost.levelBytes[position] = bytes
        cost.energy += bytes * levels[position].energy
        cost.add(bytes * pace, .level(position))
      }
      position += 1
    }
    if placement.weightsInFlash, streams.weights > .zero {
      cost.add(streams.weights * levels[main + 1].achieved, .level(main + 1))
      cost.levelBytes[main + 1] = streams.weights
      cost.energy += streams.weights * levels[main + 1].energy
    }
  }

  /// Tiles are cut for 16-bit elements.
  private static var elementBytes: Double { 2 }

  /// How often operands travel into a level, on average: 1 where one of them fits.
  @inline(__always)
  private func reloads(
    _ operation: borrowing Operation, into level: Level
  ) -> Double {
    switch operation.kind {
    case .matmul(let m, let n, let k, let count):
      // Small products stream: one operand fits a tile.
      let tile = level.tile
      if m <= tile || tile == 0 { return 1 }
      let depth = Double(k)
      let columns = Double(n)
      let smaller = min(m, columns) * depth * Self.elementBytes
      // The level holds the whole smaller operand of this product once, over all instances.
      if Bytes(2 * smaller) <= level.persistentBytes { return 1 }
      let once = (m * depth + columns * depth + m * columns) * count
      let tiled =
        (m * depth * max(1, columns / tile) + columns * depth * max(1, m / tile) + m * columns)
        * count
      return tiled / once
    case .attention(let shape):
      return attentionReloads(shape, into: level)
    case .pointwise, .reduction, .gather:
      return 1
    }
  }

  /// Keys and values travel once for each block of queries (FlashAttention-2) unless they stay; queries
  /// and outputs once for each block of keys (FlashAttention, Algorithm 1: 2Nd + Tc(3Nd + 4N)).
  @inline(__always)
  private func attentionReloads(_ shape: AttentionShape, into level: Level) -> Double {
    guard level.instanceBytes > .zero, shape.queries > 1 else { return 1 }
    let width = shape.headSize + shape.valueHeadSize
    let keyElements = shape.kvHeads * shape.keys * width
    let queryElements = shape.heads * shape.queries * width
    // A shared level keeps the keys and values of the heads in flight.
    if Bytes(Self.elementBytes * shape.batch * keyElements) <= level.persistentBytes { return 1 }
    // Br = M / (4 d) rows of queries and outputs beside the tiles of keys, at least one tile row of 16.
    let rows = max(16, level.instanceBytes.value / Self.elementBytes / (4 * shape.headSize))
    let blocks = max(1, shape.queries / rows)
    let keyBlocks = max(1, shape.keys / rows)
    let total =
      shape.schedule == .flash1
      ? keyElements + keyBlocks * (1.5 * queryElements) : queryElements + blocks * keyElements
    return max(1, total / (queryElements + keyElements))
  }
}
