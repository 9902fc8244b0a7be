/// Super-blocks of 256 with quantised scales: bytes as the reference of ggml makes them, without an importance matrix.
///
/// Source: `quantize_row_q2_K_ref` to `quantize_row_q6_K_ref` in `ggml/src/ggml-quants.c` of ggml-org/llama.cpp.
enum KBlocks {
  /// Sixteen groups of two bits with a 4-bit scale and a 4-bit minimum.
  static func q2(_ values: ArraySlice<Float>) -> [UInt8] {
    let x = Array(values)
    let found = groups(x, of: 16).map { group in
      ScaleSearch(values: group).affine(
        3, weights: group.map(\.magnitude), first: -0.5, steps: 15, isAbsolute: true)
    }
    let (scale, scales) = quantised(found.map(\.scale), highest: 15)
    let (least, minima) = quantised(found.map(\.least), highest: 15)
    let levels = levels(x, found, highest: 3) { group in
      (scale * Float(scales[group]), least * Float(minima[group]))
    }
    return zip(scales, minima).map { UInt8($0 | $1 << 4) } + pairs(levels)
      + SmallBlocks.half(scale) + SmallBlocks.half(least)
  }

  /// Sixteen groups of three bits with a 6-bit signed scale.
  static func q3(_ values: ArraySlice<Float>) -> [UInt8] {
    let x = Array(values)
    let found = groups(x, of: 16).map { ScaleSearch(values: $0).coordinate(4) }
    let inverse = extreme(found.map(\.scale)).map { -32 / $0 }
    let scale = HalfFloat.rounded(inverse.map { 1 / $0 } ?? 0)
    let scales = found.map { one in
      inverse.map { ScaleSearch.level($0 * one.scale, -32, 31) + 32 } ?? 0
    }
    let levels = x.indices.map { index -> UInt8 in
      let step = scale * Float(scales[index / 16] - 32)
      // A group without a scale keeps the levels of its own search.
      guard step != 0 else { return UInt8(found[index / 16].levels[index % 16]) }
      return UInt8(ScaleSearch.level(x[index] / step, -4, 3) + 4)
    }
    var packed = [UInt8](repeating: 0, count: 12)
    for (group, one) in scales.enumerated() {
      packed[group % 8] |= UInt8(one & 15) << UInt8(group < 8 ? 0 : 4)
      packed[8 + group % 4] |= UInt8(one >> 4) << UInt8(2 * (group / 4))
    }
    var high = [UInt8](repeating: 0, count: 32)
    for (index, level) in levels.enumerated() where level > 3 {
      high[index % 32] |= 1 << UInt8(index / 32)
    }
    return high + pairs(levels.map { $0 & 3 }) + packed + SmallBlocks.half(scale)
  }

  /// Eight groups of four or five bits with a 6-bit scale and a 6-bit minimum.
  static func q4q5(_ values: ArraySlice<Float>, bits: Int) -> [UInt8] {
    let x = Array(values)
    let highest = (1 << bits) - 1
    let found = groups(x, of: 32).map { group in
      let mean = (group.reduce(Float(0)) { $0 + $1 * $1 } / 32).squareRoot()
      return ScaleSearch(values: group).affine(
        highest, weights: group.map { mean + $0.magnitude }, first: bits == 4 ? -1 : -0.5,
        steps: bits == 4 ? 20 : 15, isAbsolute: false)
    }
    let (scale, scales) = quantised(found.map(\.scale), highest: 63)
    let (least, minima) = quantised(found.map(\.least), highest: 63)
    let levels = levels(x, found, highest: highest) { group in
      (scale * Float(scales[group]), least * Float(minima[group]))
    }
    var packed = [UInt8](repeating: 0, count: 12)
    for group in 0..<4 {
      packed[group] = UInt8(scales[group] | (scales[group + 4] >> 4) << 6)
      packed[group + 4] = UInt8(minima[group] | (minima[group + 4] >> 4) << 6)
      packed[group + 8] = UInt8(scales[group + 4] & 15 | (minima[group + 4] & 15) << 4)
    }
    let low = (0..<128).map { place -> UInt8 in
      let index = place / 32 * 64 + place % 32
      return levels[index] & 15 | levels[index + 32] << 4
    }
    let head = SmallBlocks.half(scale) + SmallBlocks.half(least) + packed
    guard bits == 5 else { return head + low }
    var high = [UInt8](repeating: 0, count: 32)
    for (index, level) in levels.enumerated() where level > 15 {
      high[index % 32] |= 1 << UInt8(index / 32)
    }
    return head + high + low
  }

  /// Sixteen groups of six bits with an 8-bit scale.
  static func q6(_ values: ArraySlice<Float>) -> [UInt8] {
    let x = Array(values)
    let found = groups(x, of: 16).map { ScaleSearch(values: $0).symmetric(32) }
    guard let extreme = extreme(found.map(\.scale)), extreme.magnitude >= 1e-15 else {
      return [UInt8](repeating: 0, count: 210)
    }
    let inverse = -128 / extreme
    let scale = HalfFloat.rounded(1 / inverse)
    let scales = found.map { Int8(ScaleSearch.level(inverse * $0.scale, -128, 127)) }
    let levels = x.indices.map { index -> UInt8 in
      let step = scale * Float(scales[index / 16])
      guard step != 0 else { return UInt8(found[index / 16].levels[index % 16]) }
      return UInt8(ScaleSearch.level(x[index] / step, -32, 31) + 32)
    }
    let low = (0..<128).map { place -> UInt8 in
      let index = place / 64 * 128 + place % 64
      return levels[index] & 15 | levels[index + 64] << 4
    }
    return low + pairs(levels.map { $0 >> 4 }) + scales.map { UInt8(bitPattern: $0) }
      + SmallBlocks.half(scale)
  }

  private static func groups(_ x: [Float], of size: Int) -> [ArraySlice<Float>] {
    stride(from: 0, to: x.count, by: size).map { x[$0..<$0 + size] }
  }

  /// The scale of the largest magnitude; `nil` where all are zero.
  private static func extreme(_ scales: [Float]) -> Float? {
    var extreme: Float = 0
    for scale in scales where scale.magnitude > extreme.magnitude { extreme = scale }
    return extreme == 0 ? nil : extreme
  }

  /// The scale of scales in half precision, and each as a multiple of it.
  private static func quantised(_ scales: [Float], highest: Int) -> (scale: Float, levels: [Int]) {
    let most = scales.reduce(0) { max($0, $1) }
    guard most > 0 else { return (0, scales.map { _ in 0 }) }
    let inverse = Float(highest) / most
    return (
      HalfFloat.rounded(most / Float(highest)),
      scales.map { ScaleSearch.level(inverse * $0, 0, highest) }
    )
  }

  /// Levels from 0 by the scale and minimum of each group as they are stored; those of the search where the
  /// stored scale is zero.
  private static func levels(
    _ x: [Float], _ found: [ScaleSearch.Fit], highest: Int,
    _ group: (Int) -> (scale: Float, least: Float)
  ) -> [UInt8] {
    let size = x.count / found.count
    let stored = found.indices.map(group)
    return x.indices.map { index in
      let (scale, least) = stored[index / size]
      guard scale != 0 else { return UInt8(found[index / size].levels[index % size]) }
      return UInt8(ScaleSearch.level((x[index] + least) / scale, 0, highest))
    }
  }

  /// Two bits of four elements 32 apart in a byte.
  private static func pairs(_ levels: [UInt8]) -> [UInt8] {
    (0..<64).map { place in
      let start = place / 32 * 128 + place % 32
      return (0..<4).reduce(0) { $0 | levels[start + 32 * $1] << UInt8(2 * $1) }
    }
  }
}
