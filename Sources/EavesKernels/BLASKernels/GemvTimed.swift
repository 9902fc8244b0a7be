import Eaves

/// Products of a matrix and one row by sgemv: w [n, k], x [k] to y [n].
struct GemvTimed: TimedSetting {
  static let family = "gemv"
  let size: GemvSize

  var shape: String { size.label }
  var operations: [Operation] {
    get throws(KernelError) { try .product(m: 1, n: size.n, k: size.k) }
  }
  var floats: [Int] { [size.k, size.n * size.k, size.n] }
  var result: (buffer: Int, count: Int) { (2, size.n) }

  func run(_ memory: TimedMemory) {
    BLAS.gemv(memory[1], rows: size.n, columns: size.k, memory[0], into: memory[2])
  }

  func define(_ memory: TimedMemory) -> [Double] {
    (0..<size.n).map { Definition.dot(memory[1] + $0 * size.k, memory[0], size.k) }
  }

  static let small = [Self(size: .init(8, 64)), Self(size: .init(5, 33))]
  static let grid = GemvSize.grid.map(Self.init)
}

/// Rows (n) and columns (k) of a matrix that one vector is multiplied by.
struct GemvSize: Sendable {
  let n: Int
  let k: Int

  init(_ n: Int, _ k: Int) {
    self.n = n
    self.k = k
  }

  var label: String { "\(n)x\(k)" }

  /// Working sets in float32 from 16 KiB to 256 MiB, long and short rows.
  static let grid: [GemvSize] = [
    (64, 64), (64, 256), (256, 128), (256, 512), (1024, 256), (512, 1024), (1024, 1024),
    (4096, 512), (1024, 4096), (2048, 2048), (4096, 4096), (2048, 8192), (8192, 2048),
    (8192, 8192),
  ].map { GemvSize($0.0, $0.1) }

  /// The same without three that the caches hold: for kernels of our own.
  static let shortGrid: [GemvSize] = Array(grid[..<3] + grid[6...])
}
