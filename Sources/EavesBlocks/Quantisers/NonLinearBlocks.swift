/// Blocks of sixteen levels that lie closer near zero: IQ4_NL and IQ4_XS.
///
/// Source: `quantize_iq4_nl` and `quantize_iq4_xs` in `ggml/src/ggml-quants.c` of ggml-org/llama.cpp, without an
/// importance matrix: fifteen scales are tried for each 32 elements. Sums are formed in the same order, so that results
/// are the same to the last bit.
enum NonLinearBlocks {
  private static let levels = BlockBytes.nonLinear
  private static let tries = 7
  private static let nothing: Float = 1e-15

  /// A scale in half precision, and 32 levels.
  static func iq4NL(_ values: ArraySlice<Float>) -> [UInt8] {
    let scale = scale(of: values)
    let inverse = scale == 0 ? 0 : 1 / scale
    return SmallBlocks.half(scale) + packed(values.map { nearest(inverse * $0) })
  }

  /// Eight groups of 32 with 6-bit scales over one in half precision.
  static func iq4XS(_ values: ArraySlice<Float>) -> [UInt8] {
    let groups = stride(from: values.startIndex, to: values.endIndex, by: 32).map {
      values[$0..<min($0 + 32, values.endIndex)]
    }
    let scales = groups.map { scale(of: $0) }
    var greatest: Float = 0
    for scale in scales where scale.magnitude > greatest.magnitude { greatest = scale }
    let whole = -greatest / 32
    let inverse = whole == 0 ? 0 : 1 / whole
    var high = 0
    var low: [UInt8] = []
    var bytes: [UInt8] = []
    for (index, group) in groups.enumerated() {
      let step = ScaleSearch.level(inverse * scales[index], -32, 31)
      let scale = whole * Float(step)
      let own = scale == 0 ? 0 : 1 / scale
      bytes += packed(group.map { nearest(own * $0) })
      high |= ((step + 32) >> 4) << (2 * index)
      let nibble = UInt8((step + 32) & 15)
      if index.isMultiple(of: 2) { low.append(nibble) } else { low[index / 2] |= nibble << 4 }
    }
    return SmallBlocks.half(whole) + [UInt8(high & 255), UInt8(high >> 8 & 255)] + low + bytes
  }

  /// The scale of a group that leaves the least error, where every square weighs as much as the value's own.
  private static func scale(of values: ArraySlice<Float>) -> Float {
    var extreme: Float = 0
    for value in values where value.magnitude > extreme.magnitude { extreme = value }
    guard extreme.magnitude >= nothing else { return 0 }
    func sums(_ inverse: Float) -> (qx: Float, q2: Float) {
      var (qx, q2): (Float, Float) = (0, 0)
      for x in values {
        let level = levels[nearest(inverse * x)]
        let weight = x * x
        qx += weight * level * x
        q2 += weight * level * level
      }
      return (qx, q2)
    }
    let first = sums(1 / (-extreme / levels[0]))
    var scale = first.qx / first.q2
    var best = scale * first.qx
    for step in -tries...tries {
      let (qx, q2) = sums((Float(step) + levels[0]) / extreme)
      if q2 > 0, qx * qx > best * q2 {
        scale = qx / q2
        best = scale * qx
      }
    }
    return scale
  }

  /// The level nearest to a value; the upper one of two.
  private static func nearest(_ value: Float) -> Int {
    guard value > levels[0] else { return 0 }
    guard value < levels[15] else { return 15 }
    var (low, high) = (0, 15)
    while high - low > 1 {
      let middle = (low + high) / 2
      if value < levels[middle] { high = middle } else { low = middle }
    }
    return value - levels[high - 1] < levels[high] - value ? high - 1 : high
  }

  /// Elements i and i + 16 in one byte.
  private static func packed(_ levels: [Int]) -> [UInt8] {
    guard levels.count == 32 else { return [] }
    return (0..<16).map { UInt8(levels[$0] | levels[$0 + 16] << 4) }
  }
}
