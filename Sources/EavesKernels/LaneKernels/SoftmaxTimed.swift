import Eaves

/// Softmax of rows of scores: from one buffer to another.
struct SoftmaxTimed: TimedSetting {
  static let family = "softmax"
  /// Rows of a head are as many as columns where scores are square; heads make more.
  let heads: Int
  let rows: Int
  let columns: Int

  var shape: String { "\(heads * rows)x\(columns)" }

  var operations: [Operation] {
    get throws(KernelError) {
      let cached = columns - rows
      return try AttentionSetting(
        heads: heads, kvHeads: heads, new: rows, cached: cached,
        pattern: cached == 0 ? Bidirectional() : Causal()
      ).operations(.materialised, .softmax)
    }
  }

  var floats: [Int] { [heads * rows * columns, heads * rows * columns] }
  var result: (buffer: Int, count: Int) { (1, heads * rows * columns) }

  func run(_ memory: TimedMemory) {
    for row in 0..<heads * rows {
      LaneSoftmax.row(memory[0] + row * columns, into: memory[1] + row * columns, count: columns)
    }
  }

  func define(_ memory: TimedMemory) -> [Double] {
    (0..<heads * rows).flatMap { Definition.softmax(memory[0] + $0 * columns, columns) }
  }

  static let small = [(2, 3, 3), (1, 1, 70), (1, 40, 40)].map {
    Self(heads: $0.0, rows: $0.1, columns: $0.2)
  }

  /// Squares, and single rows of a longer context.
  static let grid: [Self] = [
    (1, 32, 32), (1, 64, 64), (4, 128, 128), (1, 1024, 1024), (4, 1024, 1024), (1, 2048, 2048),
    (8, 1, 512), (32, 1, 1024), (32, 1, 4096), (32, 1, 16_384), (32, 1, 65_536),
  ].map { Self(heads: $0.0, rows: $0.1, columns: $0.2) }
}
