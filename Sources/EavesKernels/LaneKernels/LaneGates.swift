/// Gates: what feed-forward parts and recurrent cells do with the products.
enum LaneGates {
  /// SiLU(g)·u of rows [g | u], to rows half as wide; the width is a multiple of 16.
  @inline(never)
  static func silu(
    _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    for row in 0..<rows {
      let gate = input + 2 * row * width
      for index in stride(from: 0, to: width, by: Lanes.width) {
        (LaneMath.silu(Lanes(gate + index)) * Lanes(gate + width + index))
          .store(output + row * width + index)
      }
    }
  }

  /// elu(x) + 1: x + 1 above zero, exp(x) below; the count is a multiple of 16.
  @inline(never)
  static func elu(
    _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in stride(from: 0, to: count, by: Lanes.width) {
      let x = Lanes(input + index)
      let zero = Lanes()
      let below = LaneMath.expBelow(x.replacing(with: zero, where: x .> zero))
      below.replacing(with: x + 1, where: x .> zero).store(output + index)
    }
  }

  /// y += factor·x; the count is a multiple of 16.
  @inline(__always)
  static func add(
    _ x: UnsafePointer<Float>, times factor: Float, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in stride(from: 0, to: count, by: Lanes.width) {
      (Lanes(y + index) + Lanes(x + index) * factor).store(y + index)
    }
  }

  /// The gates of an LSTM cell: c = σ(f)·c + σ(i)·tanh(g), h = σ(o)·tanh(c).
  /// - Parameters:
  ///   - products: [4·width], i, f, g, o: recurrent products.
  ///   - input: [4·width], what the input gives; added.
  ///   - memory: [width], updated.
  ///   - output: [width].
  ///   - width: a multiple of 16.
  @inline(never)
  static func lstm(
    _ products: UnsafePointer<Float>, _ input: UnsafePointer<Float>,
    memory: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>, width: Int
  ) {
    for index in stride(from: 0, to: width, by: Lanes.width) {
      func gate(_ number: Int) -> Lanes {
        let place = number * width + index
        return Lanes(products + place) + Lanes(input + place)
      }
      let kept = LaneMath.sigmoid(gate(1)) * Lanes(memory + index)
      let c = kept + LaneMath.sigmoid(gate(0)) * LaneMath.tanh(gate(2))
      c.store(memory + index)
      (LaneMath.sigmoid(gate(3)) * LaneMath.tanh(c)).store(output + index)
    }
  }
}
