/// Softmax of rows, whole or a tile at a time.
enum LaneSoftmax {
  /// exp(x − max) / Σ of a row: the largest, the exps with their sum, and one scale.
  /// - Parameters:
  ///   - row: the row; a multiple of the lanes is done in vectors, the rest one by one.
  ///   - result: where it goes; may be the row itself.
  ///   - count: its elements, at least 1.
  ///   - scale: a factor of the elements before the exp, above zero.
  @inline(never)
  static func row(
    _ row: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, count: Int,
    scale: Float = 1
  ) {
    let shift = largest(row, count: count) * scale
    let sum = exponentials(row, into: result, count: count, scale: scale, shift: shift)
    multiply(result, count: count, by: 1 / sum)
  }

  /// One tile of a row in an online softmax (FlashAttention-2, algorithm 1, lines 8 to 10).
  ///
  /// Elements become exp(scale·x − m') where m' is the largest so far; the sum so far is scaled and added to.
  /// - Parameters:
  ///   - row: the scores of the tile, in place.
  ///   - count: its elements; 0 leaves all as it is.
  ///   - scale: a factor of the scores.
  ///   - largest: the largest so far, −∞ at first; updated.
  ///   - sum: the sum so far; updated.
  /// - Returns: the factor by which what was accumulated so far has to be multiplied.
  @inline(__always)
  static func tile(
    _ row: UnsafeMutablePointer<Float>, count: Int, scale: Float, largest: inout Float,
    sum: inout Float
  ) -> Float {
    guard count > 0 else { return 1 }
    let shift = max(largest, Self.largest(row, count: count) * scale)
    // At the first tile there is nothing to be scaled.
    let factor = largest == -.infinity ? 0 : largest == shift ? 1 : exp(largest - shift)
    sum = sum * factor + exponentials(row, into: row, count: count, scale: scale, shift: shift)
    largest = shift
    return factor
  }

  /// exp of one number, by the same polynomial.
  @inline(__always)
  static func exp(_ x: Float) -> Float { LaneMath.exp(Lanes(repeating: x))[0] }

  /// The largest element of a row.
  @inline(__always)
  static func largest(_ row: UnsafePointer<Float>, count: Int) -> Float {
    let width = Lanes.width
    guard count >= width else {
      var result = -Float.infinity
      for index in 0..<count { result = max(result, row[index]) }
      return result
    }
    // The last vector overlaps the one before it, which does not change what is largest.
    var (a, b) = (Lanes(row), Lanes(row + (count - width)))
    var (c, d) = (a, b)
    var index = 0
    while index + 4 * width <= count {
      a = a.larger(Lanes(row + index))
      b = b.larger(Lanes(row + index + width))
      c = c.larger(Lanes(row + index + 2 * width))
      d = d.larger(Lanes(row + index + 3 * width))
      index += 4 * width
    }
    while index + width <= count {
      a = a.larger(Lanes(row + index))
      index += width
    }
    return a.larger(b).larger(c.larger(d)).largest
  }

  /// exp(scale·x − shift) of elements that it makes at most 0.
  /// - Returns: their sum.
  @inline(__always)
  static func exponentials(
    _ row: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, count: Int,
    scale: Float, shift: Float
  ) -> Float {
    let width = Lanes.width
    var index = 0
    var (even, odd) = (Lanes(), Lanes())
    while index + 2 * width <= count {
      let a = LaneMath.expBelow(Lanes(row + index) * scale - shift)
      let b = LaneMath.expBelow(Lanes(row + index + width) * scale - shift)
      a.store(result + index)
      b.store(result + index + width)
      even += a
      odd += b
      index += 2 * width
    }
    if index + width <= count {
      let a = LaneMath.expBelow(Lanes(row + index) * scale - shift)
      a.store(result + index)
      even += a
      index += width
    }
    var sum = (even + odd).total
    guard index < count else { return sum }
    var last = Lanes()
    for lane in 0..<count - index { last[lane] = row[index + lane] * scale - shift }
    last = LaneMath.expBelow(last)
    for lane in 0..<count - index {
      result[index + lane] = last[lane]
      sum += last[lane]
    }
    return sum
  }

  /// A row times a number, in place.
  @inline(__always)
  static func multiply(_ row: UnsafeMutablePointer<Float>, count: Int, by factor: Float) {
    let width = Lanes.width
    var index = 0
    while index + 2 * width <= count {
      (Lanes(row + index) * factor).store(row + index)
      (Lanes(row + index + width) * factor).store(row + index + width)
      index += 2 * width
    }
    while index < count {
      row[index] *= factor
      index += 1
    }
  }
}
