#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Rotary positions: pairs of elements of a head turned by angles that grow with the position.
///
/// Pair i of d_h/2 is turned by p·base^(−2i/d_h), over a factor where a file has such (Su and others 2021, "RoFormer",
/// section 3.2.2).
public struct RotaryPositions: Sendable {
  /// The width of a head.
  let width: Int
  /// Whether pairs are neighbours; else elements half a head apart.
  let turnsNeighbours: Bool
  /// Turn of each pair from one position to the next, in radians.
  private let steps: [Double]

  /// The positions of heads of a width.
  /// - Parameters:
  ///   - width: elements of a head, an even number.
  ///   - base: the base of the frequencies.
  ///   - factors: what each pair's frequency is divided by; empty for none.
  ///   - turnsNeighbours: whether pairs are neighbours.
  public init(width: Int, base: Double, factors: [Float] = [], turnsNeighbours: Bool) {
    self.width = width
    self.turnsNeighbours = turnsNeighbours
    steps = (0..<width / 2).map { pair in
      let step = pow(base, -2 * Double(pair) / Double(width))
      return factors.indices.contains(pair) ? step / Double(factors[pair]) : step
    }
  }

  /// Turns one head in place to a position, which may be below 0: a turn back.
  func turn(_ head: UnsafeMutablePointer<Float>, to position: Int) {
    turn(head, by: table(position))
  }

  /// Turns `heads` heads of each row, rows standing at positions 0, 1, … .
  func turn(rows: FloatRows, heads: Int) {
    for row in 0..<rows.rows {
      let table = table(row)
      for head in 0..<heads { turn(rows[row] + head * width, by: table) }
    }
  }

  /// Cosine and sine of each pair at a position.
  private func table(_ position: Int) -> [(cosine: Float, sine: Float)] {
    steps.map { step in
      let angle = Double(position) * step
      return (Float(cos(angle)), Float(sin(angle)))
    }
  }

  private func turn(
    _ head: UnsafeMutablePointer<Float>, by table: [(cosine: Float, sine: Float)]
  ) {
    for (pair, turn) in table.enumerated() {
      let first = turnsNeighbours ? 2 * pair : pair
      let second = turnsNeighbours ? first + 1 : pair + table.count
      let (a, b) = (head[first], head[second])
      head[first] = a * turn.cosine - b * turn.sine
      head[second] = a * turn.sine + b * turn.cosine
    }
  }
}
