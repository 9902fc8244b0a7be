import Eaves

/// Attention of one new token, fused: one pass over keys and values (`LaneAttention`).
struct AttentionDecodeTimed: TimedSetting {
  static let family = "attention-decode"
  let size: DecodeSize

  var shape: String { size.label }
  var operations: [Operation] { get throws(KernelError) { try size.operations } }
  var floats: [Int] {
    let row = size.heads * size.width
    return [row, size.elements, size.elements, row, size.group * (LaneAttention.blockKeys + 2)]
  }
  var result: (buffer: Int, count: Int) { (3, size.heads * size.width) }

  func run(_ memory: TimedMemory) {
    let (keys, width, group) = (size.keys, size.width, size.group)
    for head in 0..<size.kvHeads {
      LaneAttention.decode(
        LaneAttention.Head(
          query: memory[0] + head * group * width, keys: memory[1] + head * keys * width,
          values: memory[2] + head * keys * width, output: memory[3] + head * group * width,
          scores: memory[4], statistics: memory[4] + group * LaneAttention.blockKeys,
          queries: group, count: keys, width: width, valueWidth: width, scale: size.scale))
    }
  }

  func define(_ memory: TimedMemory) -> [Double] { size.define(memory) }

  static let small = DecodeSize.small.map(Self.init)
  static let grid = DecodeSize.grid.map(Self.init)
}
