/// A dense matrix in row-major order: what kernels read and write.
public struct Matrix<Scalar: Sendable>: Sendable {
  /// Rows and columns.
  public let rows: Int
  public let columns: Int
  /// Elements, row after row.
  public var elements: [Scalar]

  /// A matrix of one value.
  public init(rows: Int, columns: Int, repeating value: Scalar) {
    self.rows = rows
    self.columns = columns
    elements = Array(repeating: value, count: rows * columns)
  }

  /// A matrix made element by element.
  public init(rows: Int, columns: Int, make: (Int, Int) -> Scalar) {
    self.rows = rows
    self.columns = columns
    elements = []
    elements.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { elements.append(make(row, column)) }
    }
  }
}

extension Matrix where Scalar == Float {
  /// Seeded values in [−1, 1), the same on every machine.
  public init(rows: Int, columns: Int, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    self.init(rows: rows, columns: columns) { _, _ in generator.uniform() }
  }
}

/// The SplitMix64 generator (Steele, Lea, Flood 2014): small, seeded, portable.
public struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  /// A generator with a seed.
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A float in [−1, 1).
  mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-23 - 1 }
}
