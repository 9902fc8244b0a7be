import Eaves

/// Products of a matrix in Q8_0 and one row, which is rounded to 8 bits first (`LaneBlockGemv`).
struct GemvInt8Timed: TimedSetting {
  static let family = "gemv-int8"
  let matrix: BlockGemvSize

  var shape: String { matrix.size.label }
  var operations: [Operation] {
    get throws(KernelError) {
      try .product(m: 1, n: matrix.size.n, k: matrix.size.k, weights: "q8_0")
    }
  }
  var floats: [Int] { matrix.floats }
  var result: (buffer: Int, count: Int) { (3, matrix.size.n) }
  func prepare(_ memory: TimedMemory) { matrix.prepare(memory) }

  func run(_ memory: TimedMemory) {
    LaneQuantised.round(memory[0], into: memory[1], blocks: matrix.blocks)
    LaneBlockGemv.multiply8(
      memory[2], memory[1], into: memory[3], rows: matrix.size.n, blocks: matrix.blocks)
  }

  func define(_ memory: TimedMemory) -> [Double] {
    matrix.define(memory) { start, place in
      Double((start + 2 + place).load(as: Int8.self))
    }
  }

  static func sized(_ size: GemvSize) -> Self {
    Self(matrix: BlockGemvSize(size: size, bytesOfBlock: BlockDot.bytes8))
  }
  static let small = [sized(.init(8, 64)), sized(.init(12, 160))]
  static let grid = GemvSize.shortGrid.map(sized)
}
