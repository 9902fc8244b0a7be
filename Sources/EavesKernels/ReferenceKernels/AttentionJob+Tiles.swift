extension AttentionJob {
  /// Tiles of `rows` queries and `columns` keys with an online softmax: FlashAttention-2, Algorithm 1.
  ///
  /// The outer loop is over query blocks; the H/G query heads that share keys take a tile of keys one after another,
  /// so that keys and values are read once a group. A tile is executed in full where any of its pairs is read.
  func runTiles(rows: Int, columns: Int) {
    for sequence in 0..<batch {
      for shared in 0..<kvHeads {
        for first in stride(from: 0, to: queries, by: rows) {
          let block = QueryBlock(
            sequence: sequence, shared: shared, rows: first..<min(first + rows, queries),
            height: rows, columns: columns)
          run(block)
        }
      }
    }
  }

  /// Query rows of the heads of a group, and the width of a tile of keys.
  private struct QueryBlock {
    let sequence: Int
    let shared: Int
    let rows: Range<Int>
    /// Rows of a whole block: those that there are not are executed as zeros.
    let height: Int
    let columns: Int
  }

  /// One block over all tiles of keys that it reads.
  private func run(_ block: QueryBlock) {
    let tiles = Set(block.rows.flatMap { visibility.keys[$0].map { $0 / block.columns } }).sorted()
    // For each of the group's heads and rows: maximum, sum and output [d_v].
    var states = Array(
      repeating: Array(
        repeating: OnlineSoftmax<Scalar>(width: valueHeadSize), count: block.height),
      count: group)
    for tile in tiles {
      for local in 0..<group {
        Counter.current?.tiles += 1
        let scores = scores(block, tile, head: block.shared * group + local)
        let weights = softmax(block, tile, scores, &states[local])
        addValues(block, tile, weights, &states[local])
      }
    }
    for local in 0..<group {
      for row in block.rows {
        for (channel, output) in states[local][row - block.rows.lowerBound].output().enumerated() {
          write(block.sequence, row, block.shared * group + local, channel, output)
        }
      }
    }
  }

  /// Scores of a tile: [rows, columns], rows and keys that there are not as zeros.
  private func scores(_ block: QueryBlock, _ tile: Int, head: Int) -> [Scalar] {
    (0..<block.height * block.columns).map { place in
      let row = block.rows.lowerBound + place / block.columns
      let position = tile * block.columns + place % block.columns
      let isReal = row < block.rows.upperBound && isKept(position)
      return Scalar.dot(headSize) { channel in
        guard isReal else { return (.zero, .zero) }
        return (
          query(block.sequence, row, head, channel),
          key(block.sequence, position, block.shared, channel)
        )
      }
    }
  }

  /// Exponentials of the pairs of a tile that are read; zeros elsewhere.
  private func softmax(
    _ block: QueryBlock, _ tile: Int, _ scores: [Scalar], _ states: inout [OnlineSoftmax<Scalar>]
  ) -> [Scalar] {
    var weights = Array(repeating: Scalar.zero, count: scores.count)
    for row in block.rows {
      let keys = visibility.keys[row].filter { $0 / block.columns == tile }
      guard !keys.isEmpty else { continue }
      Counter.current?.pairs += keys.count
      let local = row - block.rows.lowerBound
      let places = keys.map { local * block.columns + $0 % block.columns }
      for (place, weight) in zip(places, states[local].take(places.map { scores[$0] * scale })) {
        weights[place] = weight
      }
    }
    return weights
  }

  /// The weighted sum of a tile: [rows, columns] × [columns, d_v].
  private func addValues(
    _ block: QueryBlock, _ tile: Int, _ weights: [Scalar], _ states: inout [OnlineSoftmax<Scalar>]
  ) {
    for row in 0..<block.height {
      for column in 0..<block.columns {
        let position = tile * block.columns + column
        let isReal = isKept(position)
        for channel in 0..<valueHeadSize {
          states[row].add(
            weights[row * block.columns + column],
            isReal ? value(block.sequence, position, block.shared, channel) : .zero, channel)
        }
      }
    }
  }
}
