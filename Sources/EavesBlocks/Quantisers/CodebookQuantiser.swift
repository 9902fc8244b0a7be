public import Eaves

/// Blocks whose values are looked up in a list of levels between −1 and 1, times the block's largest magnitude.
public struct CodebookQuantiser: Quantiser {
  public let format: NumberFormat
  public var blockElements: Int { format.blockElements }
  private let levels: [Float]
  private let middles: [Float]

  init(_ format: NumberFormat, levels: [Float]) {
    self.format = format
    self.levels = levels
    middles = zip(levels, levels.dropFirst()).map { ($0 + $1) / 2 }
  }

  /// The sixteen levels of NF4: quantiles of the normal distribution with an exact zero.
  ///
  /// Source: QLoRA (Dettmers 2023), appendix E; as bitsandbytes has them.
  static let normalFloat: [Float] = [
    -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1,
  ]

  public func rounded(_ values: [Float]) -> [Float] {
    var result = values
    for start in stride(from: 0, to: values.count, by: blockElements) {
      let range = start..<min(start + blockElements, values.count)
      let scale = SmallBlocks.largest(values[range])
      for index in range {
        let share = scale > 0 ? values[index] / scale : 0
        result[index] = scale * levels[middles.firstIndex { share < $0 } ?? middles.count]
      }
    }
    return result
  }
}
