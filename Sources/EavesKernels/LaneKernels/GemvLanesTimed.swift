import Eaves

/// Products of a matrix and one row in our own vectors: w [n, k], x [k] to y [n].
struct GemvLanesTimed: TimedSetting {
  static let family = "gemv-lanes"
  let size: GemvSize

  var shape: String { size.label }
  var operations: [Operation] {
    get throws(KernelError) { try .product(m: 1, n: size.n, k: size.k) }
  }
  var floats: [Int] { [size.k, size.n * size.k, size.n] }
  var result: (buffer: Int, count: Int) { (2, size.n) }

  func run(_ memory: TimedMemory) {
    LaneGemv.multiply(memory[1], memory[0], into: memory[2], rows: size.n, columns: size.k)
  }

  func define(_ memory: TimedMemory) -> [Double] {
    (0..<size.n).map { Definition.dot(memory[1] + $0 * size.k, memory[0], size.k) }
  }

  static let small = [Self(size: .init(8, 64)), Self(size: .init(12, 48))]
  static let grid = GemvSize.shortGrid.map(Self.init)
}
