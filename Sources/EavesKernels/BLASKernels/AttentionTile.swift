import Eaves

/// Tiles of attention through the BLAS: scores by sgemm, an online softmax in vectors, weighted sums by sgemm.
public enum AttentionTile {
  /// Queries of a tile; keys are masked in steps of as many, as Eaves counts them (`Schedule.tileRows`).
  public static let rows = Schedule.tileRows
  /// Keys of a tile: 128 × 512 scores take 256 KiB, which leaves the second cache room for the keys.
  public static let columns = Int(KernelModel.tileKeys)

  /// Queries, keys and values of one head, and where its result goes.
  struct Head {
    let query: BLAS.Part
    let keys: BLAS.Part
    let values: BLAS.Part
    let output: UnsafeMutablePointer<Float>
    let outputStride: Int
    let width: Int
    let valueWidth: Int
    let scale: Float
    /// A second part of queries and keys, whose products are added.
    var more: (query: BLAS.Part, keys: BLAS.Part, width: Int)?
  }

  /// Scratch of one tile: [rows, columns] scores, and two numbers a row.
  static let scratch = rows * columns + 2 * rows

  /// The keys that a query sees: from `first` to before `end`.
  typealias Visible = (_ query: Int) -> (first: Int, end: Int)

  /// The result of one block of queries: all of its tiles.
  /// - Parameters:
  ///   - head: what is read and written.
  ///   - queries: rows of the block, at most `rows`.
  ///   - scratch: memory of a tile.
  ///   - isMasked: whether queries see different keys.
  ///   - visible: which they see; growing with the query at both ends.
  @inline(__always)
  static func run(
    _ head: Head, queries: Range<Int>, scratch: UnsafeMutablePointer<Float>, isMasked: Bool,
    _ visible: Visible
  ) {
    let statistics = scratch + rows * columns
    for row in 0..<queries.count {
      statistics[2 * row] = -.infinity
      statistics[2 * row + 1] = 0
    }
    let output = head.output + queries.lowerBound * head.outputStride
    // Whole tiles of the mask from the first key of the first query to the last key of the last.
    let start = visible(queries.lowerBound).first / rows * rows
    let end = visible(queries.upperBound - 1).end
    var first = start
    while first < end {
      let count = min(columns, end - first)
      score(head, queries, first, count, scratch)
      for row in 0..<queries.count {
        let scores = scratch + row * count
        var (low, high) = (0, count)
        if isMasked {
          let seen = visible(queries.lowerBound + row)
          low = min(max(seen.first - first, 0), count)
          high = max(min(seen.end - first, count), low)
          (scores).update(repeating: 0, count: low)
          (scores + high).update(repeating: 0, count: count - high)
        }
        let factor = LaneSoftmax.tile(
          scores + low, count: high - low, scale: head.scale, largest: &statistics[2 * row],
          sum: &statistics[2 * row + 1])
        if first > start, factor != 1 {
          LaneSoftmax.multiply(
            output + row * head.outputStride, count: head.valueWidth, by: factor)
        }
      }
      BLAS.gemm(
        m: queries.count, n: head.valueWidth, k: count, .init(scratch, count),
        .init(head.values.start + first * head.values.stride, head.values.stride),
        isTransposed: false, into: output, head.outputStride, beta: first == start ? 0 : 1)
      first += count
    }
    for row in 0..<queries.count {
      LaneSoftmax.multiply(
        output + row * head.outputStride, count: head.valueWidth, by: 1 / statistics[2 * row + 1])
    }
  }

  /// The scores of a tile, one row after the other without gaps.
  @inline(__always)
  private static func score(
    _ head: Head, _ queries: Range<Int>, _ first: Int, _ count: Int,
    _ scores: UnsafeMutablePointer<Float>
  ) {
    func part(_ part: BLAS.Part, _ row: Int) -> BLAS.Part {
      .init(part.start + row * part.stride, part.stride)
    }
    BLAS.gemm(
      m: queries.count, n: count, k: head.width, part(head.query, queries.lowerBound),
      part(head.keys, first), isTransposed: true, into: scores, count)
    guard let more = head.more else { return }
    BLAS.gemm(
      m: queries.count, n: count, k: more.width, part(more.query, queries.lowerBound),
      part(more.keys, first), isTransposed: true, into: scores, count, beta: 1)
  }
}
